#!/bin/sh
# /init: mounts the read-only root that root=PARTUUID=... names and hands over to it. Gives up by a
# reboot after 60 s: a slot booted on trial then falls back to the one that worked.
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev

give_up() {
    echo "<2>initramfs: $1; rebooting in 10 s" >/dev/kmsg
    sleep 10
    reboot -f
    exec sleep 60
}

read -r line </proc/cmdline
root= type=erofs flags=ro init=/sbin/init
for word in $line; do
    case $word in
        root=PARTUUID=*) root=${word#root=PARTUUID=} ;;
        rootfstype=*) type=${word#rootfstype=} ;;
        rootflags=*) flags=ro,${word#rootflags=} ;;
        init=*) init=${word#init=} ;;
    esac
done
[ -n "$root" ] || give_up "no root=PARTUUID= on the command line"

for module in /modules/*.ko; do
    insmod "$module" || echo "<3>initramfs: $module does not load" >/dev/kmsg
done

# An MBR disk's PARTUUID is its signature (4 bytes at 440) and the partition's number.
find_root() {
    for disk in /sys/block/*; do
        device=/dev/${disk##*/}
        [ "$(dd if="$device" bs=4 skip=110 count=1 2>/dev/null | hexdump -e '1/4 "%08x"')" = "${root%-*}" ] || continue
        for number in "$disk"/*/partition; do
            [ "$(cat "$number" 2>/dev/null)" = "$((0x${root#*-}))" ] || continue
            number=${number%/partition}
            found=/dev/${number##*/}
            return 0
        done
    done
    return 1
}

tries=0
until find_root; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || give_up "no partition $root after 60 s"
    sleep 0.2
done

mount -t "$type" -o "$flags" "$found" /root || give_up "$found does not mount as $type"
mount --move /dev /root/dev
mount --move /sys /root/sys
mount --move /proc /root/proc
exec switch_root /root "$init"
