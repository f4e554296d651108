"""Who may be texted: yes, no, and how both are said."""
