"""Looking at the network (iproute2, iputils, net-tools, iptables, openssl)."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.names import names
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, destroy, follows, interactive, reveals
from oncall_tui.runbook.classify.words import Sure
from oncall_tui.runbook.danger import Judgement

_IP = grammar(
    "-4 -6 -s -d -j -p -o -c -h -br -brief -json -stats -details -color -oneline -0 -r -N -a",
    is_long_with_one_dash=True,
    stops=True,
)
_OBJECTS = names(
    """
    addr a address link l route r ro rule ru neigh n neighbour neighbor netns maddr tunnel tuntap vrf mroute
    ntable nexthop token
    """
)
_SHOWING = frozenset({"show", "list", "ls", "lst", "get"})
_PING = grammar("-4 -6 -n -q -D -O -v -a -b -R -U", "-c -i -w -W -s -I -t -M -p -S", is_lenient=True)
_SS = grammar(
    "-t -u -l -n -p -a -4 -6 -s -x -w -e -m -o -i -H -O -Q -h -0 -r -d -S --tcp --udp --listening"
    " --numeric --processes --all --summary --extended --info --memory --options --no-header"
    " --ipv4 --ipv6",
    "-f --family --query -A",
)
_IPTABLES = grammar("-L -S -n -v -x --list --list-rules --numeric --verbose --line-numbers -4 -6", "-t --table")
_NC = grammar("-z -v -n -u -4 -6", "-w -i")
_X509 = names(
    """
    -noout -text -dates -subject -issuer -enddate -startdate -serial -fingerprint -in -inform -nameopt -checkend
    -modulus -purpose -email -hash -pubkey -ext -connect -servername -showcerts -verify_return_error -brief
    -tls1_2 -tls1_3 -CAfile -CApath -sha256 -starttls -alpn -status -prexit -quiet -verify -a -v -untrusted
    -verbose
    """
)


def _ip(call: Call) -> Judgement:
    """``ip object show``; commands may be cut short (``ip a d``), so only whole words count."""
    operands = scan(call, _IP).operands
    if not operands or not operands[0].is_literal or operands[0].text not in _OBJECTS:
        raise Unjudged("ip: an object that is not on the list")
    if len(operands) == 1:
        return READ
    verb = operands[1]
    if verb.is_literal and verb.text in _SHOWING:
        return READ
    if verb.text in ("flush", "delete", "del", "d", "f"):
        return destroy(f"ip {operands[0].text} {verb.text} ends connections")
    raise Unjudged(f"ip {operands[0].text}: only show, list and get read")


def _ss(call: Call) -> Judgement:
    """``ss``: ``-K`` ends sockets, ``-D`` writes; neither is listed."""
    scan(call, _SS)
    return READ


def _ping(call: Call) -> Judgement:
    """``ping``: without a count it goes on; ``-f`` floods, and is not listed."""
    found = scan(call, _PING)
    return READ if found.has("-c", "-w") else follows()


def _iptables(call: Call) -> Judgement:
    """``iptables``: only the listing; ``-Z`` with it would reset the counters."""
    found = scan(call, _IPTABLES)
    is_listing = found.has("-L", "-S", "--list", "--list-rules")
    return READ if is_listing else change("iptables changes rules")


def _filter(call: Call) -> Judgement:
    if any(word.text in ("-F", "--flush", "-X", "-D", "--delete") for word in call.words):
        return destroy(f"{call.name} removes rules")
    return _iptables(call)


def _netcat(call: Call) -> Judgement:
    """``nc -z``: whether a port answers; without it, whatever is typed is sent."""
    if not scan(call, _NC).has("-z"):
        raise Unjudged("nc sends its input")
    return READ


_KEYS = names("rsa ec dsa pkey pkcs8 pkcs12 genrsa genpkey rand enc cms smime pkeyutl rsautl")


def _openssl(call: Call) -> Judgement:
    """``openssl x509`` and ``s_client``: with options that print."""
    if any(word.sure is Sure.LOOSE for word in call.words):
        raise Unjudged("openssl: a value may become several words when it runs")
    words = [word.text for word in call.words]
    if words and words[0] in _KEYS and not {"-noout", "-pubout", "-out", "-verify"}.intersection(words):
        return reveals(f"openssl {words[0]} prints keys, or what was encrypted")
    if not words or words[0] not in ("x509", "s_client", "version", "verify", "crl"):
        raise Unjudged("openssl: only x509, crl, s_client, verify and version read")
    unknown = [word for word in words[1:] if word.startswith("-") and word not in _X509]
    if unknown:
        raise Unjudged(f"openssl {unknown[0][:40]} is not on the list of reading options")
    return READ


def _no_operand(call: Call) -> Judgement:
    """``route``, ``ifconfig``, ``arp``: with ``-n`` and ``-a`` they list."""
    words = call.literals()
    if all(
        word in ("-n", "-a", "-e", "-v", "-an", "-ee", "-s") and (word, call.name) != ("-s", "arp") for word in words
    ):
        return READ
    raise Unjudged(f"{call.name} with operands may set something")


def _netstat(call: Call) -> Judgement:
    """``netstat`` only lists; ``-c`` goes on."""
    letters = "".join(word.text for word in call.words if word.text.startswith("-") and not word.text.startswith("--"))
    is_endless = "c" in letters or any(word.text == "--continuous" for word in call.words)
    return follows() if is_endless else READ


def _nslookup(call: Call) -> Judgement:
    """``nslookup name``; without one it takes orders."""
    has_name = any(not word.text.startswith("-") for word in call.words)
    return READ if has_name else interactive("nslookup without a name takes orders")


def _route_tracing(call: Call) -> Judgement:
    return READ


def _mtr(call: Call) -> Judgement:
    """``mtr --report`` ends; without it, it draws a screen."""
    found = scan(
        call, grammar("-r --report -w --report-wide -n -b -4 -6 -T -u -z --no-dns", "-c --report-cycles -P -i")
    )
    return READ if found.has("-r", "--report", "-w", "--report-wide") else follows()


def _ethtool(call: Call) -> Judgement:
    """``ethtool``: only what shows."""
    shows = ("-i", "-S", "-k", "-g", "-a", "-c", "-l", "-m", "-T", "-x", "-n")
    words = call.literals()
    if (len(words) == 1 and not words[0].startswith("-")) or (len(words) == 2 and words[0] in shows):
        return READ
    raise Unjudged("ethtool: only the showing options read")


def _nft(call: Call) -> Judgement:
    """``nft list``."""
    words = [word for word in call.literals() if word not in ("-a", "-n", "-nn", "-s", "-j")]
    if words[:1] == ["flush"] or words[:1] == ["delete"]:
        return destroy("nft removes rules")
    if words[:1] != ["list"] or any(";" in word or "\n" in word for word in words):
        raise Unjudged("nft: only list reads")
    return READ


RULES: dict[str, Rule] = {
    "ip": _ip,
    "ss": _ss,
    "ping": _ping,
    "ping6": _ping,
    **dict.fromkeys(("iptables", "ip6tables"), _filter),
    "nc": _netcat,
    "ncat": _netcat,
    "openssl": _openssl,
    **dict.fromkeys(("route", "ifconfig", "arp"), _no_operand),
    "netstat": _netstat,
    "nslookup": _nslookup,
    **dict.fromkeys(("traceroute", "traceroute6", "tracepath"), _route_tracing),
    "mtr": _mtr,
    "ethtool": _ethtool,
    "nft": _nft,
}
"""By name."""
