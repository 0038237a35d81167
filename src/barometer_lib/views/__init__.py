"""What a reader sees: one function per dashboard, the start page, and the one widget."""
