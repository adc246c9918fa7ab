# What a virtual device does, as docs/install.md has it done on a real one. What the test waits for are the lines that begin with "==".
set -eu
cd /run/payload
export DEBIAN_FRONTEND=noninteractive

step() { echo "== $*"; }
trap 'code=$?; systemctl status --no-pager --full fleet-agent.service || true; journalctl --no-pager --unit fleet-agent.service | tail -n 50; step "failed: exit code $code"' EXIT

until ip -4 addr show | grep -q 'inet 10\.'; do sleep 0.2; done
dpkg --install ./agent.deb
step "installed $(fleet-agent --version), $(systemctl is-enabled fleet-agent.service), $(systemctl is-active fleet-agent.service || true)"

# Nobody is asked for an image: the device has it.
mkdir -p image/bin image/tmp image/www
cp /bin/busybox image/bin/
for name in sh httpd sleep kill; do ln -s busybox "image/bin/$name"; done
printf '#!/bin/sh\ntrap "kill \\$server; exit 0" TERM\nhttpd -f -p 8080 -h /www & server=$!\nwait\n' > image/bin/hello
chmod 755 image/bin/hello
echo 'hello from an arm64 device' > image/www/index.html
tar -C image -cf - . | podman --log-level error import --quiet --change 'ENTRYPOINT ["/bin/hello"]' --change 'ENV PATH=/bin' - localhost/hello-arm64:1
step "has its image"

install -m 600 device.key device.nk /etc/harmony-fleet/
install -m 640 agent.json /etc/harmony-fleet/
systemctl start fleet-agent.service
step "started, $(systemctl is-active fleet-agent.service)"

container() { podman ps --no-trunc --filter status=running --format '{{.ID}} {{.Pid}}' | head -n 1; }
until [ -n "$(container)" ]; do sleep 1; done
first="$(container)"
step "runs a container"

systemctl restart fleet-agent.service
sleep 5
[ "$(container)" = "$first" ]
step "restarted, $(systemctl is-active fleet-agent.service), with the same container"

# An agent that lives but does nothing is ended and started again.
mkdir -p /run/systemd/system/fleet-agent.service.d
printf '[Service]\nWatchdogSec=10\n' > /run/systemd/system/fleet-agent.service.d/hasty.conf
systemctl daemon-reload
systemctl restart fleet-agent.service
sleep 15
[ "$(systemctl show --property NRestarts --value fleet-agent.service)" = 0 ]
kill -STOP "$(systemctl show --property MainPID --value fleet-agent.service)"
until [ "$(systemctl show --property NRestarts --value fleet-agent.service)" = 1 ] && [ "$(systemctl is-active fleet-agent.service)" = active ]; do sleep 1; done
[ "$(container)" = "$first" ]
step "woken by the watchdog, with the same container"

dpkg --purge harmony-fleet-agent
[ "$(container)" = "$first" ]
[ ! -e /etc/harmony-fleet ] && [ ! -e /var/lib/harmony-fleet ] && [ ! -e /usr/bin/fleet-agent ]
step "purged, with the same container"
sleep infinity
