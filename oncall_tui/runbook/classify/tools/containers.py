"""docker, podman, nerdctl and compose (Docker CLI reference)."""

from oncall_tui.runbook.classify.answers import template_hides
from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.options import grammar, scan
from oncall_tui.runbook.classify.tools.readers import check_ps
from oncall_tui.runbook.classify.tools.verbs import Verbs, verbs
from oncall_tui.runbook.classify.verdict import READ, Unjudged, change, follows, reveals, worst
from oncall_tui.runbook.classify.words import Word
from oncall_tui.runbook.danger import Judgement

_BEFORE = grammar("-D --debug --tls --tlsverify", "-H --host -c --context -l --log-level", stops=True)
_EXEC = grammar(
    "-i -t --interactive --tty --privileged -d --detach", "-u --user -w --workdir --detach-keys", stops=True
)
_COMPOSE = grammar("--compatibility --dry-run", "-f --file -p --project-name --profile --project-directory", stops=True)

_READING = """ps, images, logs, port, version, info, history, diff, search,
    container ls, container list, container ps, container logs, container port,
    container diff, image ls, image list, image history, network ls, network list, network inspect,
    volume ls, volume list, volume inspect, system df, system info, node ls, node ps, node inspect, service ls,
    service ps, service logs, stack ls, stack ps, stack services, context ls, context show,
    context inspect, secret ls, config ls, pod ps, pod ls, pod inspect, pod top, pod logs"""
_REVEALING = """config inspect, secret inspect, swarm join-token, swarm unlock-key, plugin inspect, stack config,
    context export, login"""
_INSPECTING = ("inspect", "container inspect", "image inspect", "service inspect")
_TOP = ("top", "container top")
_DESTROYING = """rm, rmi, kill, container rm, container kill, container prune, image rm, image prune, network rm,
    network prune, volume rm, volume prune, system prune, service rm, stack rm, secret rm, config rm, builder prune,
    buildx prune, compose down, compose rm, compose kill, pod rm, pod kill, pod prune, system reset"""


def _stats(call: Call, rest: tuple[Word, ...]) -> Judgement:
    return READ if any(word.text == "--no-stream" for word in rest) else follows()


def _inspect(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``inspect``: the environment of a container is in it, unless a template or a kind leaves it out."""
    found = scan(Call(f"{call.name} inspect", rest, call.inner), _INSPECT)
    templates = found.values("-f", "--format")
    kinds = {value.text for value in found.values("--type")}
    if (kinds and kinds <= {"network", "volume", "node"}) or template_hides(templates[-1] if templates else None):
        return READ
    return reveals(f"{call.name} inspect prints the environment of a container, which holds credentials")


_INSPECT = grammar("-s --size --pretty -l --latest", "-f --format --type -o --output", is_lenient=True)


def _processes(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``top container``: the words behind it are those of ``ps``."""
    return check_ps(rest[1:])


def _exec(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """``exec container command``: the command, in another place."""
    found = scan(Call(f"{call.name} exec", rest, call.inner), _EXEC)
    if len(found.operands) < 2:
        raise Unjudged(f"{call.name} exec without a command")
    judged = call.inner.command(found.operands[1:])
    if found.has("--privileged", "-d", "--detach"):
        judged = worst([judged, change(f"{call.name} exec with more rights, or in the background")])
    return follows(judged) if found.has("-t", "--tty", "-i", "--interactive") else judged


def _run(call: Call, rest: tuple[Word, ...]) -> Judgement:
    judged = change(f"{call.name} run starts a container")
    has_terminal = any(word.text in ("-it", "-ti", "-t", "-i", "--tty", "--interactive") for word in rest)
    return follows(judged) if has_terminal else judged


def _compose(call: Call, rest: tuple[Word, ...]) -> Judgement:
    found = scan(Call(f"{call.name} compose", rest, call.inner), _COMPOSE)
    return COMPOSE(Call("docker compose", tuple(found.operands), call.inner))


def _compose_exec(call: Call, rest: tuple[Word, ...]) -> Judgement:
    """Unlike ``docker exec`` it takes a terminal unless told not to."""
    found = scan(
        Call("compose exec", rest, call.inner), grammar("-T --no-TTY -t -i", "-u --user -w --index", stops=True)
    )
    if len(found.operands) < 2:
        raise Unjudged("compose exec without a command")
    judged = call.inner.command(found.operands[1:])
    return judged if found.has("-T", "--no-TTY") else follows(judged)


COMPOSE: Verbs = verbs(
    "compose",
    "ps, logs, top, images, ls, port, version",
    "down, rm, kill",
    revealing="config, convert",
    special={"exec": _compose_exec},
    before=_COMPOSE,
    following="events",
)


def _client(name: str) -> Verbs:
    return verbs(
        name,
        _READING,
        _DESTROYING,
        revealing=_REVEALING,
        typing="attach",
        following="events, system events",
        special={"stats": _stats, "container stats": _stats, "exec": _exec, "container exec": _exec, "run": _run}
        | {"compose": _compose, **dict.fromkeys(_INSPECTING, _inspect), **dict.fromkeys(_TOP, _processes)},
        before=_BEFORE,
        # Of podman, where they may stand behind the verb too.
        refused="--runtime --conmon --hooks-dir --module --cpu-profile --memory-profile --ssh",
        is_wary=False,  # ``docker ps -q`` prints numbers, and docker has none of these.
    )


def _runtime(call: Call) -> Judgement:
    """``crictl``, the client of container runtimes."""
    return CRICTL(call)


CRICTL = verbs(
    "crictl",
    "ps, pods, images, img, logs, inspectp, info, version, stats, statsp, imagefsinfo",
    "rm, rmp, rmi, stop, stopp",
    revealing="inspect, inspecti",
    before=grammar("-D --debug", "-r --runtime-endpoint -i --image-endpoint -t --timeout", stops=True),
)

RULES: dict[str, Rule] = {
    **{name: _client(name) for name in ("docker", "podman", "nerdctl")},
    "docker-compose": COMPOSE,
    "crictl": _runtime,
}
"""By name."""
