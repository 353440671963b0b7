# Starts them as an owner would, on then and today: scripts have other names.
mkdir -p /run/mosquitto /var/run/vsftpd/empty; chown mosquitto /run/mosquitto 2>/dev/null
service redis-server start
mosquitto -d -c /etc/mosquitto/mosquitto.conf
service mariadb start || service mysql start
service squid start
service cups start
vsftpd /etc/vsftpd.conf > /dev/null 2>&1 &
service dovecot start
service ntp start 2>/dev/null || service ntpsec start
:
