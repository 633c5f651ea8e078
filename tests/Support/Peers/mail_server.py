"""A real SMTP server (aiosmtpd) for the tests: STARTTLS, login, refusals and every kind of trouble on request.

Says each mail it takes, each login it refuses, and each trouble it makes, as a line of JSON on standard output.
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
parser.add_argument("--at", choices=["greeting", "starttls", "sender", "recipient", "data", "message", "taken"],
                    help="where there is trouble; data: in the middle of a message, message: after all of it, taken: it is kept, too")
parser.add_argument("--trouble", default="cut", help="'cut', 'stall', or what the server says instead of its answer")
parser.add_argument("--times", type=int, default=1, help="how often there is trouble before all is well")
parser.add_argument("--stall", type=float, default=3600, help="seconds that a stall lasts")
parser.add_argument("--one-mail-a-session", action="store_true", help="the session is closed after a mail, without a word")
options = parser.parse_args()


def say(**event):
    print(json.dumps(event), flush=True)


class Troubled(SMTP):
    """Makes trouble so many times in all its sessions, then is the server that it derives from."""
    left = options.times

    async def trouble(self, step):
        """What to say instead of the step's answer; None: all is well, or is after a stall."""
        if step != options.at or Troubled.left == 0:
            return None
        Troubled.left -= 1
        say(event="trouble")
        if options.trouble == "stall":
            await asyncio.sleep(options.stall)
            return None
        if options.trouble == "cut":
            self.transport.abort()
            return ""
        if step in ("greeting", "starttls") or options.trouble.startswith("421"):
            asyncio.get_running_loop().call_soon(self.transport.close)
        return options.trouble

    async def _handle_client(self):
        if (answer := await self.trouble("greeting")) is None:
            await super()._handle_client()
        else:
            await self.push(answer)

    def data_received(self, data):
        if options.at == "data" and Troubled.left > 0 and b"\nSubject:" in data:
            data = data[:data.index(b"\nSubject:")]
            asyncio.get_running_loop().create_task(self.trouble("data"))
        super().data_received(data)

    async def smtp_STARTTLS(self, arg):
        if (answer := await self.trouble("starttls")) is None:
            await super().smtp_STARTTLS(arg)
        else:
            await self.push("220 Ready to start TLS\r\n" + answer)


class Handler:
    turned_away = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if (answer := await server.trouble("sender")) is not None:
            return answer
        session.mails = getattr(session, "mails", 0) + 1
        if 0 < options.mails_per_session < session.mails:
            return "421 4.7.0 enough for one session"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if (answer := await server.trouble("recipient")) is not None:
            return answer
        if options.refuse_recipient:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.turned_away < options.busy:
            self.turned_away += 1
            say(event="busy")
            return "451 4.3.0 try again later"
        if (answer := await server.trouble("message")) is not None:
            return answer
        login = session.auth_data.login.decode() if session.authenticated else None
        say(event="mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos, tls=options.implicit or session.ssl is not None,
            login=login, data=envelope.content.decode())
        if (answer := await server.trouble("taken")) is not None:
            return answer
        if options.one_mail_a_session:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return "250 2.0.0 queued"


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
        lambda: Troubled(handler, hostname="localhost", tls_context=starttls, require_starttls=starttls is not None,
                         authenticator=authenticate if options.user else None, auth_required=options.user is not None,
                         auth_require_tls=starttls is not None),
        host="127.0.0.1", port=options.port, ssl=tls if options.implicit else None)
    say(event="listening")
    await server.serve_forever()


asyncio.run(main())
