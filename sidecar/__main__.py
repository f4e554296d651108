from sidecar.commands import main

main()
