set -e
# A file server in the layout of Samba 3: passwords and secrets in /var/lib/samba, not in private/ below it.
groupadd lab; useradd -m -G lab alice; useradd -m bob; useradd -m carol
# Bullseye's Samba is told so on the command line, for smb.conf to be one of Samba 3.
printf '%s' '--option=private dir=/var/lib/samba' > /run/samba-3-layout
cat > /etc/samba/smb.conf <<'C'
[global]
  workgroup = LAB
  netbios name = OLDLAB
  server string = lab file server
  security = user
  encrypt passwords = true
  passdb backend = tdbsam
  map to guest = bad user
  log file = /var/log/samba/log.%m
  socket options = TCP_NODELAY
[lab]
  path = /share/lab
  valid users = @lab
  read only = no
  force group = lab
[public]
  path = /share/public
  guest ok = yes
  read only = no
C
find /var/lib/samba/private -mindepth 1 -delete
for u in alice bob carol; do printf "pw-$u\npw-$u\n" | pdbedit --option='private dir=/var/lib/samba' -t -a -u $u; done
pdbedit --option='private dir=/var/lib/samba' -u bob -c '[D]'
net setlocalsid S-1-5-21-1111111111-2222222222-3333333333 --option='private dir=/var/lib/samba'
find /var/lib/samba/private -mindepth 1 -delete
mkdir -p /share/lab /share/public; chgrp lab /share/lab; chmod 2770 /share/lab; chmod 1777 /share/public
echo 'measured 42' > /share/lab/data.txt; chown alice:lab /share/lab/data.txt
