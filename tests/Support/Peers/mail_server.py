"""A real SMTP server (aiosmtpd) for the tests: STARTTLS, login, and refusals on request.

Says each mail it takes, and each login it refuses, as a line of JSON on standard output.
"""
import argparse
import asyncio
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, required=True)
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--user")
parser.add_argument("--password")
parser.add_argument("--refuse-recipient", action="store_true")
parser.add_argument("--mails-per-session", type=int, default=0, help="after so many, the session gets 421; 0: never")
parser.add_argument("--implicit", action="store_true", help="TLS from the first byte, instead of STARTTLS")
parser.add_argument("--busy", type=int, default=0, help="how many mails are turned away for now before one is taken")
options = parser.parse_args()


def say(**event):
    print(json.dumps(event), flush=True)


class Handler:
    turned_away = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        session.mails = getattr(session, "mails", 0) + 1
        if 0 < options.mails_per_session < session.mails:
            return "421 4.7.0 enough for one session"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.refuse_recipient:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.turned_away < options.busy:
            self.turned_away += 1
            say(event="busy")
            return "451 4.3.0 try again later"
        login = session.auth_data.login.decode() if session.authenticated else None
        say(event="mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos, tls=options.implicit or session.ssl is not None,
            login=login, data=envelope.content.decode())
        return "250 2.0.0 queued"

    # .NET's SmtpClient writes AUTH login in lower case; aiosmtpd looks a mechanism up as it was written.
    async def auth_login(self, server, args):
        return await server.auth_LOGIN(server, args)


def authenticate(server, session, envelope, mechanism, data):
    if isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (options.user, options.password):
        return AuthResult(success=True, auth_data=data)
    say(event="login refused")
    return AuthResult(success=False, handled=False)


async def main():
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    starttls = None if options.implicit else tls
    handler = Handler()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, hostname="localhost", tls_context=starttls, require_starttls=starttls is not None,
                     authenticator=authenticate if options.user else None, auth_required=options.user is not None,
                     auth_require_tls=starttls is not None),
        host="127.0.0.1", port=options.port, ssl=tls if options.implicit else None)
    say(event="listening")
    await server.serve_forever()


asyncio.run(main())
