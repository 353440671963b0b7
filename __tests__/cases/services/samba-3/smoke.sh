smbclient //$HOST/lab -U alice%pw-alice -c 'get data.txt -' 2>/dev/null
smbclient //$HOST/lab -U carol%pw-carol -c 'ls' 2>&1 | grep -o 'NT_STATUS_[A-Z_]*'
smbclient //$HOST/lab -U bob%pw-bob -c 'ls' 2>&1 | grep -o 'NT_STATUS_[A-Z_]*'
smbclient //$HOST/lab -U alice%wrong -c 'ls' 2>&1 | grep -o 'NT_STATUS_[A-Z_]*'
rpcclient -U alice%pw-alice $HOST -c 'lookupnames alice' 2>&1
docker exec $C stat -c '%A %U %G %n' /share/lab /share/lab/data.txt /share/public
docker exec $C sh -c 'find /var/lib/samba -nouser -o -nogroup' | wc -l
