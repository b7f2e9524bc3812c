"""Commands that are known to alter something, so that the dialog can say what; unknown ones are no less dangerous."""

from oncall_tui.runbook.classify.call import Call, Rule
from oncall_tui.runbook.classify.verdict import change, destroy
from oncall_tui.runbook.danger import Judgement

_CHANGING = {
    "cp": "writes files",
    "mv": "moves files, over others too",
    "touch": "changes files",
    "mkdir": "makes folders",
    "ln": "makes links",
    "install": "writes files",
    "chmod": "changes rights",
    "chown": "changes owners",
    "chgrp": "changes owners",
    "setfacl": "changes rights",
    "chattr": "changes attributes",
    "tee": "writes files",
    "patch": "changes files",
    "split": "writes files",
    "csplit": "writes files",
    "gzip": "replaces files",
    "gunzip": "replaces files",
    "zip": "writes files",
    "sync": "writes what waits",
    "scp": "copies files",
    "umount": "takes a file system away",
    "service": "starts and stops services",
    "modprobe": "changes the kernel",
    "rmmod": "changes the kernel",
    "insmod": "changes the kernel",
    "useradd": "changes accounts",
    "usermod": "changes accounts",
    "groupadd": "changes accounts",
    "pkill": "ends processes",
    "killall": "ends processes",
    "renice": "changes priorities",
    "at": "plans a job",
    "batch": "plans a job",
    "mail": "sends mail",
    "sendmail": "sends mail",
    "logger": "writes to the log",
    "wall": "writes to every terminal",
    "ansible": "acts on other machines",
    "ansible-playbook": "acts on other machines",
    "make": "runs what a file names",
    "npm": "runs what a file names",
    "mysqldump": "locks tables, and prints all of them",
    "pg_dump": "locks tables, and prints all of them",
    "pg_restore": "writes a database",
    "swapoff": "changes the swap",
}
_DESTROYING = {
    "rm": "removes files",
    "rmdir": "removes folders",
    "unlink": "removes a file",
    "shred": "overwrites files",
    "truncate": "cuts files",
    "wipefs": "erases a file system",
    "fdisk": "changes partitions",
    "parted": "changes partitions",
    "sgdisk": "changes partitions",
    "blkdiscard": "erases a device",
    "lvremove": "removes a volume",
    "vgremove": "removes volumes",
    "pvremove": "removes volumes",
    "userdel": "removes an account",
    "groupdel": "removes a group",
    "shutdown": "ends the machine",
    "reboot": "restarts the machine",
    "halt": "ends the machine",
    "poweroff": "ends the machine",
    "dropdb": "drops a database",
    "dropuser": "drops a role",
    "init": "changes what the machine runs",
    **dict.fromkeys(
        ("mkfs", "mkfs.ext4", "mkfs.ext3", "mkfs.xfs", "mkfs.btrfs", "mkfs.vfat", "mke2fs", "mkswap"),
        "makes a file system",
    ),
}


def _changes(call: Call) -> Judgement:
    return change(f"{call.name} {_CHANGING[call.name]}")


def _destroys(call: Call) -> Judgement:
    return destroy(f"{call.name} {_DESTROYING[call.name]}")


def _rsync(call: Call) -> Judgement:
    if any(word.text.startswith(("--del", "--remove-source")) for word in call.words):
        return destroy("rsync --delete removes files")
    return change("rsync copies, and can start other programs")


def _dd(call: Call) -> Judgement:
    if any(
        word.text.startswith("of=/dev/") and word.text not in ("of=/dev/null", "of=/dev/stdout") for word in call.words
    ):
        return destroy("dd writes to a device")
    return change("dd writes")


RULES: dict[str, Rule] = {
    **dict.fromkeys(_CHANGING, _changes),
    **dict.fromkeys(_DESTROYING, _destroys),
    "rsync": _rsync,
    "dd": _dd,
}
"""By name."""
