"""An identity provider of our own on loopback: real keys, real codes, and what goes wrong."""

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "tinjau", "a secret: with signs/of all kinds"


def plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_key(kind="RS256"):
    parameters = {"alg": kind, "use": "sig"}
    if kind == "ES256":
        return ECKey.generate_key("P-256", parameters, auto_kid=True)
    return RSAKey.generate_key(2048, parameters, auto_kid=True)


@dataclass
class Provider:
    """The person at its page is always the same: `claims` says who."""

    url: str = ""
    key: object = field(default_factory=new_key)
    claims: dict = field(default_factory=dict)
    forge: object = None
    """Changes the token that it would give: from claims and key to text."""

    denies: bool = False
    says: dict = field(default_factory=dict)
    """What it says of itself otherwise than it should."""

    codes: dict = field(default_factory=dict)
    keys_asked: int = 0
    given: list = field(default_factory=list)

    def token(self, asked) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        if self.forge is not None:
            return self.forge(claims, self.key)
        return signed(claims, self.key)

    def authorized(self, asked):
        """Where the person is sent back to."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        back = {"state": asked["state"], "iss": self.url}
        if self.denies:
            return back | {"error": "access_denied"}
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return back | {"code": code}

    def got(self, path, asked):
        """Status, body and headers of what lies at an address."""
        match path:
            case "/.well-known/openid-configuration":
                places = {
                    "authorization_endpoint": "/authorize",
                    "token_endpoint": "/token",
                    "jwks_uri": "/keys",
                }
                told = {name: self.url + place for name, place in places.items()}
                return 200, {"issuer": self.url, **told, **self.says}, {}
            case "/keys":
                self.keys_asked += 1
                odd = [{"kty": "oct", "k": "AAAA", "kid": "odd"}, {"kty": "RSA"}, "nothing"]
                return 200, {"keys": [*odd, self.key.as_dict(private=False)]}, {}
            case "/long":
                return 200, {"long": "x" * 2**20}, {}
            case "/authorize":
                back = urlencode(self.authorized(asked))
                return 302, None, {"Location": f"{asked['redirect_uri']}?{back}"}
        return 404, None, {}

    def exchanged(self, given, authorization):
        """The answer to a code, or None."""
        asked = self.codes.pop(given.get("code"), None)  # once, as RFC 6749 says
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        told = tuple(unquote_plus(part) for part in pair.split(":"))
        challenge = plain(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        is_right = (
            asked is not None
            and told == (CLIENT, SECRET)
            and given.get("redirect_uri") == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if not is_right:
            return None
        self.given.append(given)
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked)}


def signed(claims, key, **header) -> str:
    alg = "ES256" if isinstance(key, ECKey) else "RS256"
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])


def unsigned(claims, _key) -> str:
    head = json.dumps({"alg": "none", "typ": "JWT"}).encode()
    return f"{plain(head)}.{plain(json.dumps(claims).encode())}."


def by_public_key(claims, key) -> str:
    """Signed with HS256 by what everybody knows: the provider's public key."""
    head = json.dumps({"alg": "HS256", "kid": key.kid}).encode()
    text = f"{plain(head)}.{plain(json.dumps(claims).encode())}"
    public = key.as_pem(private=False)
    return f"{text}.{plain(hmac.digest(public, text.encode(), 'sha256'))}"


@contextmanager
def running_provider():
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def say(self, status, body=None, **headers):
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {name: one[0] for name, one in parse_qs(parts.query).items()}
            status, body, headers = provider.got(parts.path, asked)
            self.say(status, body, **headers)

        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: one[0] for name, one in parse_qs(content).items()}
            answer = provider.exchanged(given, self.headers.get("Authorization", ""))
            if answer is None:
                self.say(400, {"error": "invalid_grant"})
            else:
                self.say(200, answer)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
