"""Pages as people see them: in Debian's own Chromium, without a window, through Playwright."""
