"""curl and wget: GET and HEAD, to nowhere but the output (curl(1), wget(1))."""

import re

from oncall_tui.runbook.classify.answers import answers_credentials
from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.http import acts, stands_for_method
from oncall_tui.runbook.classify.options import Scanned, grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, reveals
from oncall_tui.runbook.classify.words import HOLE, Word
from oncall_tui.runbook.danger import Judgement

_CURL = grammar(
    "-s -S -f -L -k -v -i -I -g -4 -6 -N -G -q -# -0 --silent --show-error --fail --location"
    " --insecure --verbose --include --head --compressed --get --no-buffer --ipv4 --ipv6"
    " --fail-with-body --http1.1 --http2 --no-progress-meter --globoff --tcp-nodelay"
    " --path-as-is --ssl-reqd --tlsv1.2 --tlsv1.3 --version -V --retry-connrefused --disable"
    " --no-keepalive",
    "-H -m -A -u -e -w -o -X -d -b -r --header --max-time --user-agent --user --referer"
    " --write-out --output --request --data --data-urlencode --connect-timeout --retry"
    " --retry-delay --retry-max-time --resolve --connect-to --cacert --cert --key --max-redirs"
    " --limit-rate --interface --range --cookie --url --oauth2-bearer --unix-socket --noproxy"
    " --dns-servers",
)
_WGET = grammar(
    "-q -S -nv -v -4 -6 --quiet --spider --server-response --no-check-certificate --no-verbose --no-hsts --no-proxy",
    "-O -T -t -U --output-document --timeout --tries --header --user --password --user-agent --ca-certificate",
)
_NOWHERE = frozenset({"-", "/dev/null", "/dev/stdout"})
_URL = re.compile(r"(?:https?://)(?!-)[^\s]+|(?:localhost|[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]+|/))[^\s]*")
_OTHER_SCHEMES = re.compile(
    r"(?:ftp|dict|ldap|imap|smtp|pop3|gopher|telnet|tftp|rtsp|mqtt|ws|file|scp|sftp|smb)s?[.:]", re.IGNORECASE
)


def _curl(call: Call) -> Judgement:
    """``curl``: GET and HEAD; what sends, uploads, writes a file or reads its orders from one is not read."""
    methods = _methods(call)
    if any(method in ("DELETE", "PURGE") for method in methods):
        return destroy("curl -X DELETE removes what the address names")
    found = scan(call, _CURL)
    if found.has("--version", "-V"):
        return READ
    if any(method not in ("GET", "HEAD") for method in found.literal_values("-X", "--request")):
        return change(f"curl -X {methods[0][:20] if methods else ''} changes something")
    if found.has("-d", "--data", "--data-urlencode") and not found.has("-G", "--get", "-I", "--head"):
        return change("curl -d sends data with POST")
    _check_values(found)
    urls = [*found.operands, *found.values("--url")]
    _check_urls(call, urls)
    if any(answers_credentials(url.text) for url in urls):
        return reveals("curl of an address that answers with credentials")
    return reveals("curl -v prints what it sends, credentials among it") if _tells_credentials(found) else READ


def _tells_credentials(found: Scanned) -> bool:
    """``-v`` prints the headers of the request."""
    names = [value.text.partition(":")[0].strip().lower() for value in found.values("-H", "--header")]
    is_signed = found.has("-u", "--user", "-b", "--cookie", "--oauth2-bearer") or any(map(_SIGNING.search, names))
    return is_signed and found.has("-v", "--verbose")


_SIGNING = re.compile(r"auth|token|key|secret|cookie")


def _methods(call: Call) -> list[str]:
    """Behind ``-X`` and ``--request``, also where other options are not understood."""
    texts = [word.text for word in call.words]
    behind = [
        texts[at + 1]
        for at, text in enumerate(texts[:-1])
        if text in ("-X", "--request") or re.fullmatch(r"-[sSfLkvig]+X", text)
    ]
    joined = [text[2:] for text in texts if text.startswith("-X")] + [
        text[10:] for text in texts if text.startswith("--request=")
    ]
    return [method.upper() for method in behind + joined if method]


def _check_values(found: Scanned) -> None:
    """Raises ``Unjudged`` for values that name files to write or to send, or headers that stand for a method."""
    if any(value not in _NOWHERE for value in found.literal_values("-o", "--output")):
        raise Unjudged("curl -o writes a file")
    if any("output{" in value or value.startswith("@") for value in found.literal_values("-w", "--write-out")):
        raise Unjudged("curl -w writes a file, or reads its format from one")
    for value in found.values("-H", "--header", "-d", "--data", "--data-urlencode", "-b", "--cookie"):
        name = value.text.partition(":")[0].strip().lower()
        if value.text.startswith(("@", HOLE)) or stands_for_method(name) or HOLE in name:
            raise Unjudged("curl: a header or data that comes from a file, or stands for another method")
        if re.match(r"[^=]*@", value.text) and value in found.values("--data-urlencode"):
            raise Unjudged("curl --data-urlencode sends a file")


def _check_urls(call: Call, urls: list[Word]) -> None:
    if not urls:
        raise Unjudged(f"{call.name} without an address")
    for url in urls:
        if url.text.startswith(HOLE) or not _URL.fullmatch(url.text) or _OTHER_SCHEMES.match(url.text):
            raise Unjudged(f"{call.name}: only addresses that begin with http:// or https:// are judged")
        if word := acts(url.text):
            raise Unjudged(f"{call.name}: an address with {word} in it may change something")


def _wget(call: Call) -> Judgement:
    """``wget``: writes a file unless told to print, or only to look."""
    found = scan(call, _WGET)
    if not found.has("--spider"):
        places = found.literal_values("-O", "--output-document")
        if not places or any(place not in _NOWHERE for place in places):
            raise Unjudged("wget writes a file")
    if any(
        stands_for_method(value.text.partition(":")[0].strip()) or value.text.startswith(HOLE)
        for value in found.values("--header")
    ):
        raise Unjudged("wget: a header that stands for another method")
    _check_urls(call, found.operands)
    is_secret = any(answers_credentials(url.text) for url in found.operands)
    return reveals("wget of an address that answers with credentials") if is_secret else READ


def _httpie(call: Call) -> Judgement:
    """``http``: the method is a word, and items make it POST; only ``GET`` and ``HEAD`` with an address alone."""
    words = call.literals()
    if len(words) == 2 and words[0] in ("GET", "HEAD") and _URL.fullmatch(words[1]) and not acts(words[1]):
        return READ
    return (
        destroy("http DELETE removes what the address names")
        if "DELETE" in words
        else change("http may send something")
    )


RULES: dict[str, Rule] = {"curl": _curl, "wget": _wget, "http": _httpie, "https": _httpie}
"""By name."""
