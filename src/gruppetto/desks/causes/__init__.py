"""Why people had to contact us: reasons and causes counted, and found one by one (Q8)."""
