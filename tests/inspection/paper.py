"""Reports on paper for tests: a PDF as the product makes it, keys, and hands that tamper."""

import datetime as dt
import fcntl
import hashlib
import io
import json
import re
import subprocess
import termios
from dataclasses import dataclass
from pathlib import Path

import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

import inspection
from inspection.evidence.canonical import canonical_bytes

FONTS = Path(inspection.__path__[0]) / "report" / "fonts"
BOX = "signature:2,120,200,70,30"
PASSPHRASE = "frasa-Rahasia/73 é"  # noqa: S105 - made up here, and looked for in every output
DER = serialization.Encoding.DER
DAY = dt.timedelta(days=1)

TEMPLATE = """
#set document(title: "Laporan", keywords: json(bytes(sys.inputs.keywords)))
#set text(lang: "id", font: "Noto Sans")
#for name in json(bytes(sys.inputs.files)) {
  pdf.attach(
    name, relationship: "data", mime-type: "application/json", description: "Data: " + name,
  )
}
= Laporan inspeksi
Luas bukaan: 12,34 ha
#pagebreak()
== Tanda tangan
"""


def report(folder, document, *, seal=None, box=BOX, files=None, keywords=None):
    """A report as the product makes one, around the bytes of an inspection.json."""
    folder.mkdir(exist_ok=True)
    files = {"inspection.json": document} if files is None else files
    for name, content in files.items():
        (folder / name).write_bytes(content)
    seal = f"sha256:{hashlib.sha256(document).hexdigest()}" if seal is None else seal
    words = ["tinjau", *(word for word in (seal, box) if word)] if keywords is None else keywords
    (folder / "report.typ").write_text(TEMPLATE)
    return typst.compile(
        str(folder / "report.typ"),
        sys_inputs={"keywords": json.dumps(words), "files": json.dumps(list(files))},
        pdf_standards=["a-3a", "ua-1"],
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        timestamp=1_790_000_000,
    )


def aged(document):
    """A document as an older version wrote it, whose pages this version does not judge."""
    return canonical_bytes({**document, "software": {**document["software"], "tinjau": "0.0.1"}})


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A key with its certificate, and those that issued it."""

    key: object
    certificate: x509.Certificate
    chain: tuple = ()

    def p12(self, passphrase=PASSPHRASE):
        lock = (
            serialization.BestAvailableEncryption(passphrase.encode())
            if passphrase
            else serialization.NoEncryption()
        )
        return pkcs12.serialize_key_and_certificates(
            b"uji", self.key, self.certificate, self.chain, lock
        )

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def asn1(self):
        return self.signer().signing_cert

    def asn1_key(self):
        return self.signer().signing_key

    def signer(self, **options):
        signer = signers.SimpleSigner.load_pkcs12_data(self.p12(), [], PASSPHRASE.encode())
        for name, value in options.items():
            setattr(signer, name, value)
        return signer


KINDS = {
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "ec": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


def holder(
    name="Uji Coba Tinjau", *, organisation="Tinjau", kind="ec", issuer=None, first=-1, last=365
):
    """A certificate for a made-up name, issued by itself or by another."""
    key = KINDS[kind]()
    parts = [(NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, organisation)]
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])
    parent = issuer.certificate.subject if issuer else subject
    signing = issuer.key if issuer else key
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(parent)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + first * DAY)
        .not_valid_after(now + last * DAY)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=issuer is None,
                crl_sign=issuer is None,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(signing, None if kind_of(signing) == "ed25519" else hashes.SHA256())
    )
    chain = (issuer.certificate,) if issuer else ()
    return Holder(key=key, certificate=built, chain=chain)


def kind_of(key):
    return "ed25519" if isinstance(key, ed25519.Ed25519PrivateKey) else "other"


def revocation_of(holder, issuer):
    """A list of revoked certificates that names this one."""
    now = dt.datetime.now(dt.UTC)
    entry = (
        x509.RevokedCertificateBuilder()
        .serial_number(holder.certificate.serial_number)
        .revocation_date(now - DAY / 2)
        .build()
    )
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(now - DAY / 4)
        .next_update(now + 30 * DAY)
        .add_revoked_certificate(entry)
        .sign(issuer.key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def signed_elsewhere(pdf, holder, *, name="Approval", box=None, signer=None, **options):
    """A report that left, was signed by other software in its own way, and came back."""
    timestamper = options.pop("timestamper", None)
    metadata = signers.PdfSignatureMetadata(
        field_name=name, subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED, **options
    )
    return signers.sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)),
        metadata,
        signer=holder.signer(**(signer or {})),
        timestamper=timestamper,
        new_field_spec=fields.SigFieldSpec(sig_field_name=name, box=box),
    ).getvalue()


def signed_by_hand(pdf, holder, folder):
    """A report with a signature that was put together from bytes, its CMS made by OpenSSL."""
    root = int(re.findall(rb"/Root (\d+) 0 R", pdf)[-1])
    size = int(re.findall(rb"/Size (\d+)", pdf)[-1])
    last = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    info = re.findall(rb"/Info \d+ 0 R", pdf)[-1]
    catalog = re.search(rb"(?s)\n%d 0 obj\s*<<(.*?)>>\s*endobj" % root, pdf)[1]
    room = 8192
    parts = [
        b"%d 0 obj\n<<%s/AcroForm<</SigFlags 3/Fields[%d 0 R]>>>>\nendobj\n"
        % (root, catalog, size),
        b"%d 0 obj\n<</FT/Sig/T(Tangan)/Type/Annot/Subtype/Widget/F 132/Rect[0 0 0 0]"
        b"/V %d 0 R>>\nendobj\n" % (size, size + 1),
        b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached"
        b"/ByteRange [0 ********** ********** **********]/Contents <%s>>>\nendobj\n"
        % (size + 1, b"0" * room),
    ]
    body, places = pdf + b"\n", []
    for part in parts:
        places.append(len(body))
        body += part
    table = len(body)
    body += b"xref\n%d 1\n%010d 00000 n \n%d 2\n" % (root, places[0], size)
    body += b"%010d 00000 n \n%010d 00000 n \n" % (places[1], places[2])
    body += b"trailer\n<</Size %d/Root %d 0 R/Prev %d%s>>\n" % (size + 2, root, last, info)
    body += b"startxref\n%d\n%%%%EOF\n" % table
    start = body.index(b"<" + b"0" * room)
    end = start + room + 2
    ranges = b"[0 %10d %10d %10d]" % (start, end, len(body) - end)
    body = body.replace(b"[0 ********** ********** **********]", ranges)
    (folder / "signed").write_bytes(body[:start] + body[end:])
    (folder / "cert.pem").write_bytes(holder.pem())
    (folder / "key.pem").write_bytes(
        holder.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    command = "openssl cms -sign -binary -md sha256 -outform DER -in signed -out cms"
    subprocess.run(
        [*command.split(), "-signer", "cert.pem", "-inkey", "key.pem"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    made = (folder / "cms").read_bytes().hex().encode()
    return body[: start + 1] + made.ljust(room, b"0") + body[end - 1 :]


def timestamping_holder(issuer):
    """A clock: a certificate that may do nothing but stamp times."""
    key = KINDS["rsa"]()
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Uji Coba Jam")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + 30 * DAY)
        .add_extension(
            x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
        .sign(issuer.key, hashes.SHA256())
    )
    return Holder(key=key, certificate=built)


def take_terminal(descriptor):
    """Make a terminal the one that this process may ask on."""
    fcntl.ioctl(descriptor, termios.TIOCSCTTY, 0)


def page_at(pdf):
    """Where the drawing of a page stands, some bytes in."""
    number = int(re.search(rb"/Type/Page/.*?/Contents (\d+) 0 R", pdf)[1])
    start = re.search(rb"\n%d 0 obj.*?stream\r?\n" % number, pdf, re.DOTALL).end()
    return start + 30


def with_mended_table(pdf):
    """The same PDF with its table of objects made anew, after bytes were put in or taken out."""
    body = pdf[: pdf.rindex(b"xref\n", 0, pdf.rindex(b"startxref"))]
    places = {int(m[1]): m.start(1) for m in re.finditer(rb"(?m)^(\d+) 0 obj\b", body)}
    trailer = re.findall(rb"trailer\s*(<<.*?>>)\s*startxref", pdf, re.DOTALL)[-1]
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (max(places) + 1)
    for number in range(1, max(places) + 1):
        table += b"%010d 00000 n \n" % places[number]
    return body + table + b"trailer\n" + trailer + b"\nstartxref\n%d\n%%%%EOF\n" % len(body)


def embedded_at(pdf):
    """Where the bytes of the embedded file begin and end."""
    head = re.search(rb"<<[^<>]*/Type/EmbeddedFile.*?stream\r?\n", pdf, re.DOTALL)
    length = int(re.search(rb"/Length (\d+)", head[0])[1])
    return head.end(), head.end() + length


def drawn_over(pdf):
    """The same with a red square on the first page, as one more state of the file."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    kids = writer.root["/Pages"]["/Kids"]
    while (page := kids.raw_get(0).get_object())["/Type"] != "/Page":
        kids = page["/Kids"]
    square = generic.StreamObject(stream_data=b"q 1 0 0 rg 50 400 400 300 re f Q")
    page["/Contents"] = generic.ArrayObject([page.raw_get("/Contents"), writer.add_object(square)])
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
