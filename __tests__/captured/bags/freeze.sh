#!/bin/sh
# Makes schema-N.tar.zst for __tests__/integration/frozen-bags.test.ts: a small service without secrets, archived by the
# command line of a checkout.
#   freeze.sh CHECKOUT OUT
# Before BAG_SCHEMA (src/bag/manifest.ts) is raised, freeze the last bag of the schema that there is, and commit it for good: it is
# never made again. Needs docker and the image debian:bookworm.
set -eu
checkout=$1
out=$2
work=$(mktemp -d)
name=perennial-frozen
clean() {
  docker rm -fv "$name" > /dev/null 2>&1 || :
  docker rmi -f "$name" > /dev/null 2>&1 || :
  rm -rf "$work"
}
trap clean EXIT

mkdir "$work/context" "$work/store"
cat > "$work/context/Dockerfile" << 'END'
FROM debian:bookworm
COPY lab-server /usr/local/bin/
RUN useradd --system --user-group --home-dir /srv/lab lab
VOLUME /srv/volume
CMD ["lab-server"]
END
printf '#!/bin/sh\nexec sleep infinity\n' > "$work/context/lab-server"
chmod 755 "$work/context/lab-server"
cat > "$work/smoke.yml" << 'END'
- name: what the people of the lab have
  type: command
  run: id ada; stat -c '%n %A %U:%G %s' /srv/lab/notes /srv/lab/notes/* | LC_ALL=C tr -c '[:print:]\n' '?'; cat /srv/lab/notes/first /srv/volume/result
END

docker build --quiet --tag "$name" "$work/context" > /dev/null
docker run --detach --name "$name" --hostname lab --env LAB=frozen "$name" > /dev/null
docker exec -i "$name" sh << 'END'
set -eu
useradd --create-home --uid 1234 --groups lab ada
mkdir -p /srv/lab/notes
cd /srv/lab/notes
echo 'first note' > first
ln first second
ln -s first link
ln -s nowhere dangling
mkfifo pipe
truncate --size 1M sparse
printf x > "$(printf 'new\nline')"
printf x > "$(printf 'latin-\344')"
chown -R ada:lab /srv/lab
chmod 2770 /srv/lab/notes
echo 42 > /srv/volume/result
echo 'alias lab="cd /srv/lab"' >> /etc/bash.bashrc
rm /etc/update-motd.d/10-uname
END
SOURCE_DATE_EPOCH=1764547200 "$checkout/node_modules/.bin/node" "$checkout/src/cli/main.ts" archive --container "$name" \
  --context "$work/context" --smoke "$work/smoke.yml" --name frozen --to "$work/store"
mv "$work/store/frozen.tar.zst" "$out"
