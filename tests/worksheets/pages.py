"""What tests look for in the pages of this app."""

import re
from html import unescape


def alerts(page):
    """What the page says is wrong; what its scripts may say later is still empty."""
    found = re.findall(r'<div class="alert alert-danger"[^>]*>(.*?)</div>', page, re.DOTALL)
    said = [" ".join(unescape(re.sub("<[^>]+>", "", alert)).split()) for alert in found]
    return [alert for alert in said if alert]
