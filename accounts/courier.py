"""Messages to people: rendered at once, sent by the background worker once the act they tell of
is committed."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine
from django.template.loader import render_to_string
from django_tasks import task


def send(*, to, template, context):
    """Writes to `to`, a user or an address, what templates/emails/<template>.subject.txt, .txt and
    .html say.

    `context` is rendered now, so that the message tells what was true at the act; the two text
    templates escape nothing. The task is a row of the same database: it is kept, or rolled back,
    together with the act.
    """
    address = getattr(to, "email", to)
    context = {**context, "site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "to": to}
    subject = " ".join(_plain(f"emails/{template}.subject.txt", context).split())
    text = _plain(f"emails/{template}.txt", context)
    html = render_to_string(f"emails/{template}.html", context)
    deliver.enqueue(address=address, subject=subject, text=text, html=html)


@task()
def deliver(address, subject, text, html):
    """Sends one message; a failure stays visible in the task's result."""
    message = EmailMultiAlternatives(subject, text, to=[address])
    message.attach_alternative(html, "text/html")
    message.send()


def _plain(name, context):
    return Engine.get_default().get_template(name).render(Context(context, autoescape=False))
