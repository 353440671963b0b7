mkdir -p /run/samba
# /run is empty after a boot: only the old system has this
o=$(cat /run/samba-3-layout 2>/dev/null) || o=
smbd -D ${o:+"$o"}; nmbd -D ${o:+"$o"}
for i in $(seq 50); do (exec 3<>/dev/tcp/127.0.0.1/445) 2>/dev/null && exit 0; sleep 0.2; done; exit 1
