"""Pure decisions on facts handed in: send, hold until a moment, or suppress with a reason."""
