# bash serve.sh configure | start
set -e

if [ "$1" = configure ]; then
  useradd -m -s /bin/bash alice
  echo 'alice:pw-alice "quoted\' | chpasswd
  echo 'measured 42' > /home/alice/data.txt
  install -o alice -g mail -m 660 /dev/null /var/mail/alice
  printf 'From bob@lab.example Thu Jan  1 00:00:00 2026\nFrom: bob@lab.example\nSubject: hello\n\nhi\n\n' > /var/mail/alice
  printf 'listen=YES\nlisten_ipv6=NO\nlocal_enable=YES\nseccomp_sandbox=NO\nsecure_chroot_dir=/run/vsftpd\npam_service_name=vsftpd\n' > /etc/vsftpd.conf
  cat > /etc/exim4/update-exim4.conf.conf <<'C'
dc_eximconfig_configtype='internet'
dc_other_hostnames='lab.example'
dc_local_interfaces='0.0.0.0'
dc_use_split_config='false'
dc_localdelivery='mail_spool'
C
  printf 'zone "lab.example" { type primary; file "/etc/bind/db.lab"; };\n' > /etc/bind/named.conf.local
  printf '$TTL 60\n@ SOA ns hostmaster 2026010101 3600 600 86400 60\n@ NS ns\nns A 10.0.0.1\nwww A 10.0.0.2\nwww A 10.0.0.3\n' > /etc/bind/db.lab
  printf "listen_addresses = '*'\n" > "$(echo /etc/postgresql/*/main/conf.d)/lab.conf"
  echo 'host all app 0.0.0.0/0 scram-sha-256' >> "$(echo /etc/postgresql/*/main)/pg_hba.conf"
  printf '[mariadbd]\nbind-address=0.0.0.0\nskip-name-resolve\n' > /etc/mysql/mariadb.conf.d/99-lab.cnf
  printf 'listener 1884 0.0.0.0\npassword_file /etc/mosquitto/passwd\n' > /etc/mosquitto/conf.d/lab.conf
  mosquitto_passwd -b -c /etc/mosquitto/passwd alice pw-alice
  chown mosquitto /etc/mosquitto/passwd
  printf 'listener 1883 0.0.0.0\nallow_anonymous true\n' > /opt/open-mosquitto.conf
  sed -i 's/^Listen localhost:631/Port 631/' /etc/cups/cupsd.conf
  printf 'local stratum 8\nallow\n' > /etc/chrony/chrony.conf
  exit
fi

mkdir -p /run/sshd /run/vsftpd /run/named /run/slapd /run/mysqld
chown bind /run/named; chown openldap /run/slapd; chown mysql /run/mysqld
/usr/sbin/sshd
vsftpd /etc/vsftpd.conf &
dovecot
update-exim4.conf
exim4 -bd
named -u bind
slapd -h 'ldap:///' -u openldap -g openldap
service postgresql start
mariadbd-safe > /dev/null 2>&1 &
redis-server --bind 0.0.0.0 --port 6379 --requirepass redis-pw --daemonize yes > /dev/null
mosquitto -d -c /etc/mosquitto/mosquitto.conf
mosquitto -d -c /opt/open-mosquitto.conf
lighttpd -f /etc/lighttpd/lighttpd.conf
squid
cupsd
chronyd -x
for n in $(seq 100); do mariadb -e 'select 1' > /dev/null 2>&1 && break; sleep 0.3; done
mariadb -e "create database lab; create table lab.samples (id int); insert into lab.samples values (1), (2); create user app@'%' identified by 'app \"pw'; grant select on lab.* to app@'%'"
su postgres -c "psql -qc \"create role app login password 'app-pw'\" -c 'create database lab owner app'"
REDISCLI_AUTH=redis-pw redis-cli set sample:1 42 > /dev/null
mosquitto_pub -p 1884 -u alice -P pw-alice -t lab/temperature -m 21.5 -r
