# ruff: noqa: E501 - a table reads best with long lines
"""Values that somebody who can write a label would like to be code: for a shell, for SQL, for PromQL, for an address.

``EFFECT`` in them is the path of a file that must never appear. Together with those that no encoding may let through.
"""

from pathlib import Path

from tests.unit.runbook.hostile_values import EFFECT, HOSTILE

__all__ = ["EFFECT", "hostile_values"]

_COMMANDS = ("touch EFFECT", "touch${IFS}EFFECT", ">EFFECT", "cp /etc/hosts EFFECT")
_SHELL = (
    "; {}", "| {}", "|| {}", "&& {}", "& {}", "\n{}", "\r\n{}\r\n", "$({})", "`{}`", "${{x:-$({})}}", "'; {}; '", "\"; {}; \"",
    "'$({})'", "\"$({})\"", "\\; {}", "\\\n{}", "x; {} #", "); {}; (", "}}; {}; {{", "<({})", ">({})", "$(( a[$({})] ))",
    "a[$({})]", "${{PATH:0:$({})}}", "*; {}", "~; {}", "!; {}", "$'; {}'", "{{a,b}}; {}", "[[ $({}) ]]", "x=1 {}", "\\$({})",
    "%s; {}", "\t; {}", "\x0b; {}", "\x00; {}", "\x1b]0;x\x07; {}",
)  # fmt: skip
_SQL = (
    "'; COPY (SELECT 1) TO 'EFFECT'; --", "1); COPY (SELECT 1) TO 'EFFECT'; SELECT (2", "\\! touch EFFECT", "\n\\! touch EFFECT\n",
    "' \\! touch EFFECT", "\\'; \\! touch EFFECT", "\\o EFFECT", "\n\\o EFFECT\nSELECT 1;\n", "\\copy (SELECT 1) TO EFFECT",
    "'||(SELECT pg_read_file('/etc/passwd'))||'", "x' OR '1'='1", "\\g |touch EFFECT", "\\setenv x y", "$$; \\! touch EFFECT $$",
    "/* */ '; \\! touch EFFECT", "E'\\'; \\! touch EFFECT; --", "\"; \\! touch EFFECT; --", ":'v'", ":v", ":\"v\"", "::text",
    "\\gexec", "\\i EFFECT", "\\w EFFECT", "\\s EFFECT", "\\lo_export 1 EFFECT", "`touch EFFECT`", "\\set x `touch EFFECT`",
    "'; SELECT lo_export(1, 'EFFECT'); --", "\\copy x from program 'touch EFFECT'", "x' \\; \\! touch EFFECT",
)  # fmt: skip
_OPTIONS = (
    "-", "--", "-v", "-e", "-n", "--help", "--version", "--force", "-rf", "-o EFFECT", "--output=EFFECT", "-oProxyCommand=touch EFFECT",
    "--file=EFFECT", "-f/etc/passwd", "-c touch EFFECT", "--rcfile=EFFECT", "-i", "+x", "@EFFECT", "@/etc/passwd",
    "file:///etc/passwd", "fileb:///etc/passwd", "http://169.254.169.254/latest/meta-data", "gopher://x", "ext::sh -c touch% EFFECT",
    "ssh://-oProxyCommand=touch EFFECT/x", "jar:file:///x!/", "data:,x", "javascript:alert(1)", "//evil.example/", "\\\\evil\\x",
)  # fmt: skip
_PROMQL = (
    "\"} or vector(1) #", "\"}[5m] offset 1w", "x\" or up{a=\"", ".*", ".+|.*", "a|b", "(?i)x", "\\", "\\\"", "\\\\\"} or up",
    "`} or up", "{{", "}}", "}}) or (up", "\n} or up", "$__range", "$1", "[", "(", "a)(b", "\u2028", "'} or up",
)  # fmt: skip
_ADDRESSES = (
    "../../admin", "..%2f..%2fadmin", "%2e%2e/", "/../x", "?admin=1", "&admin=1", "#x", ";x", "@evil.example", ":80@evil.example",
    "x\r\nHost: evil.example", "x\r\n\r\nGET /admin HTTP/1.1", "%0d%0aX: y", "%00", "%", "%%", "\\..\\x", "//x", "http:x", "a b",
)  # fmt: skip
_TEXTS = (
    "", " ", "\t", "\n", "\r", "a\nb", "a\n", "\na", " a ", "'", "\"", "`", "\\", "$", "$$", "$x", "${x}", "$(", "!", "!!", "!$", "*",
    "?", "[a-z]*", "~", "~root", "{a,b}", "#", "a#b", "=", "a=b", "%n", "%s%s%s%n", "\\n", "\\x41", "\\0", "\\c", "\\e[2J", "[@click=x]y[/]",
    "[link=file:///etc/passwd]x[/]", "\x1b[2J", "\x1b]52;c;eA==\x07", "\x9b2J", "\x07", "\x7f", "\u202eabc", "\u200b", "é", "日本",
    "🧯", "e\u0301" * 20, "\ud800", "\udcff", "\ufffe", "x" * 10_000, "'" * 1_000, "\\" * 999, "\"" * 998, "NULL", "null", "NaN", "true", "0",
    "-1", "1e309", "0x10", "1;2", "{{.x}}", "{{v}}", "<ns>", "\x00", "a\x00b",
)  # fmt: skip


def hostile_values(effect: Path) -> list[str]:
    """All of them, each once."""
    shell = [form.format(command) for form in _SHELL for command in _COMMANDS]
    every = [*HOSTILE, *shell, *_SQL, *_OPTIONS, *_PROMQL, *_ADDRESSES, *_TEXTS]
    return list(dict.fromkeys(one.replace("EFFECT", str(effect)) for one in every))
