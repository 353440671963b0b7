# What an owner does with eight services in one container, on Debian bullseye.
set -e
useradd -m -s /bin/bash alice; echo alice:pw-alice | chpasswd
echo 'measured 42' > /home/alice/data.txt; chown alice:alice /home/alice/data.txt
sed -i 's/^bind .*/bind 0.0.0.0/; s/^# requirepass .*/requirepass redis-pw/' /etc/redis/redis.conf
printf 'listener 1883\nallow_anonymous true\n' > /etc/mosquitto/conf.d/lab.conf
printf '[mysqld]\nbind-address = 0.0.0.0\n' > /etc/mysql/mariadb.conf.d/99-lab.cnf
printf 'acl lab src 10.0.0.0/8\nhttp_access allow lab\nvisible_hostname proxy.lab.example\n' > /etc/squid/conf.d/lab.conf
sed -i 's/^Listen localhost:631/Listen 631/' /etc/cups/cupsd.conf
printf 'listen=YES\nlisten_ipv6=NO\nlocal_enable=YES\nwrite_enable=YES\nftpd_banner=Files of the lab\n' > /etc/vsftpd.conf
printf 'driftfile /var/lib/ntp/ntp.drift\nserver 127.127.1.0\nfudge 127.127.1.0 stratum 8\nrestrict default nomodify\n' > /etc/ntp.conf
bash /opt/start.sh
mysql -e "create database lab; create table lab.samples (id int primary key, name varchar(20)); insert into lab.samples values (1, 'a'), (2, 'b'); create user app@'%' identified by 'app-pw'; grant select on lab.* to app@'%'"
REDISCLI_AUTH=redis-pw redis-cli set sample:1 42 > /dev/null
