"""A real SMTP server (aiosmtpd) for the tests, with STARTTLS, login, refusals and fault injection.

Writes a line of JSON to standard output for each accepted mail, each refused login and each injected fault.
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
parser.add_argument("--mails-per-session", type=int, default=0, help="reply 421 to further mails in a session; 0: no limit")
parser.add_argument("--implicit", action="store_true", help="TLS from the first byte, instead of STARTTLS")
parser.add_argument("--busy", type=int, default=0, help="number of mails to defer with 451 before one is accepted")
parser.add_argument("--at", choices=["greeting", "starttls", "sender", "recipient", "data", "message", "taken"],
                    help="step of the fault; data: within the message, message: after it, taken: after it was accepted")
parser.add_argument("--fault", default="cut", help="'cut' the connection, 'stall', or a reply to send instead of the regular one")
parser.add_argument("--times", type=int, default=1, help="number of faults before the server works normally")
parser.add_argument("--stall", type=float, default=3600, help="duration of a stall in seconds")
parser.add_argument("--one-mail-a-session", action="store_true", help="close the connection after a mail, without a reply")
options = parser.parse_args()


def emit(**event):
    print(json.dumps(event), flush=True)


class FaultySMTP(SMTP):
    """Injects faults into its sessions, a limited number of times."""
    faults_left = options.times

    async def inject_fault(self, step):
        """Returns the reply that replaces the regular one of a step; None for no fault, and after a stall."""
        if step != options.at or FaultySMTP.faults_left == 0:
            return None
        FaultySMTP.faults_left -= 1
        emit(event="fault")
        if options.fault == "stall":
            await asyncio.sleep(options.stall)
            return None
        if options.fault == "cut":
            self.transport.abort()
            return ""
        if step in ("greeting", "starttls") or options.fault.startswith("421"):
            asyncio.get_running_loop().call_soon(self.transport.close)
        return options.fault

    async def _handle_client(self):
        if (reply := await self.inject_fault("greeting")) is None:
            await super()._handle_client()
        else:
            await self.push(reply)

    def data_received(self, data):
        if options.at == "data" and FaultySMTP.faults_left > 0 and b"\nSubject:" in data:
            data = data[:data.index(b"\nSubject:")]
            asyncio.get_running_loop().create_task(self.inject_fault("data"))
        super().data_received(data)

    async def smtp_STARTTLS(self, arg):
        if (reply := await self.inject_fault("starttls")) is None:
            await super().smtp_STARTTLS(arg)
        else:
            await self.push("220 Ready to start TLS\r\n" + reply)


class Handler:
    deferred = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if (reply := await server.inject_fault("sender")) is not None:
            return reply
        session.mails = getattr(session, "mails", 0) + 1
        if 0 < options.mails_per_session < session.mails:
            return "421 4.7.0 enough for one session"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if (reply := await server.inject_fault("recipient")) is not None:
            return reply
        if options.refuse_recipient:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.deferred < options.busy:
            self.deferred += 1
            emit(event="busy")
            return "451 4.3.0 try again later"
        if (reply := await server.inject_fault("message")) is not None:
            return reply
        login = session.auth_data.login.decode() if session.authenticated else None
        emit(event="mail", sender=envelope.mail_from, recipients=envelope.rcpt_tos, tls=options.implicit or session.ssl is not None,
             login=login, data=envelope.content.decode())
        if (reply := await server.inject_fault("taken")) is not None:
            return reply
        if options.one_mail_a_session:
            asyncio.get_running_loop().call_soon(server.transport.close)
        return "250 2.0.0 queued"


def authenticate(server, session, envelope, mechanism, data):
    if isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (options.user, options.password):
        return AuthResult(success=True, auth_data=data)
    emit(event="login refused")
    return AuthResult(success=False, handled=False)


async def main():
    tls = None
    if options.certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(options.certificate, options.key)
    starttls = None if options.implicit else tls
    handler = Handler()
    server = await asyncio.get_running_loop().create_server(
        lambda: FaultySMTP(handler, hostname="localhost", tls_context=starttls, require_starttls=starttls is not None,
                           authenticator=authenticate if options.user else None, auth_required=options.user is not None,
                           auth_require_tls=starttls is not None),
        host="127.0.0.1", port=options.port, ssl=tls if options.implicit else None)
    emit(event="listening")
    await server.serve_forever()


asyncio.run(main())
