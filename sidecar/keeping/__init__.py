"""What operators keep of shops and people: settings, texts, personal data, and for how long."""
