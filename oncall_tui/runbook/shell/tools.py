"""Programs that runbooks call: a line that begins with one of them is a command and neither prose nor output."""

import re

_NAMES = """
    kubectl oc helm k9s kustomize istioctl linkerd argocd flux kubeadm kubelet crictl ctr nerdctl etcdctl velero k3s
    docker docker-compose podman buildah skopeo
    aws gcloud az gsutil bq doctl heroku flyctl eksctl kops terraform tofu terragrunt pulumi ansible ansible-playbook
    vault consul nomad packer
    systemctl journalctl service supervisorctl pm2 loginctl timedatectl hostnamectl update-rc.d
    psql pg_dump pg_restore pg_ctl pg_isready pg_basebackup patronictl pgbouncer mysql mysqladmin mysqldump mariadb
    redis-cli mongo mongosh cqlsh nodetool clickhouse-client influx sqlite3
    kafka-topics kafka-topics.sh kafka-consumer-groups kafka-consumer-groups.sh kcat rabbitmqctl rabbitmq-diagnostics
    curl wget dig nslookup host ping ping6 traceroute mtr nc ncat telnet openssl ssh scp rsync sftp
    ip ifconfig netstat ss tcpdump iptables nft ethtool arp route lsof nmap conntrack firewall-cmd ufw
    ps top htop free df du lsblk mount umount fdisk parted mkfs iostat vmstat mpstat sar dmesg uptime uname sysctl
    lscpu lspci strace ltrace perf pgrep pkill kill killall fuser nice renice ulimit
    cat ls cd cp mv rm mkdir rmdir ln touch chmod chown find grep egrep fgrep zgrep rg sed awk sort uniq head tail less
    wc cut tr xargs tee diff tar gzip gunzip unzip zip stat file which readlink truncate dd sync date echo printf
    env export sudo su watch timeout time nohup screen tmux sleep source jq yq base64 md5sum sha256sum
    apt apt-get dpkg yum dnf rpm snap brew pip pip3 npm yarn go make git gh
    python python3 bash sh zsh java jstack jmap jcmd jstat node ruby perl
    prometheus promtool amtool alertmanager thanos mimirtool cortextool logcli grafana-cli
    ceph rbd rados gluster zpool zfs mdadm lvs vgs pvs lvextend resize2fs xfs_growfs smartctl nvme
    nginx apachectl httpd haproxy varnishadm varnishlog certbot keytool
    elasticsearch-plugin curator mc s3cmd rclone restic
"""
TOOLS = frozenset(_NAMES.split())
"""By name; what is missing here is not refused, it is only not recognised where nothing else marks a command."""

_ASSIGNMENT = re.compile(r"(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=(?:\S|$)")
_SCRIPT = re.compile(r"(?:\./|~/|/(?:usr|opt|bin|sbin|home|srv)/)[\w./-]+")
_KEYWORD = re.compile(r"(?:for\s+\w+\s+in\b|while\s|until\s|if\s+\[|if\s+!?\s*[\w-]+\s)")


def first_word(line: str) -> str:
    """The first word of a line, without a wrapper such as ``sudo`` taken off."""
    return line.split(maxsplit=1)[0] if line.strip() else ""


def begins_with_tool(line: str) -> bool:
    """Whether a line begins with a known program, an assignment, a script by path or a loop."""
    text = line.strip()
    word = first_word(text)
    return word in TOOLS or bool(_ASSIGNMENT.match(text)) or bool(_SCRIPT.match(text)) or bool(_KEYWORD.match(text))
