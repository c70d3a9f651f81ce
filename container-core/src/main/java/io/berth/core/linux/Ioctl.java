// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** Requests of ioctl(2): include/uapi/asm-generic/ioctls.h, include/uapi/linux/{pidfd,nsfs,seccomp,btrfs,loop}.h. */
public enum Ioctl implements Constant {
    TCGETS(0x5401),
    TCSETS(0x5402),
    TIOCSCTTY(0x540E),
    TIOCGWINSZ(0x5413),
    TIOCSWINSZ(0x5414),
    TIOCNOTTY(0x5422),
    TIOCGPTN(0x80045430L),
    TIOCSPTLCK(0x40045431L),
    /** Since Linux 4.13. */
    TIOCGPTPEER(0x5441),
    FIONREAD(0x541B),
    NS_GET_USERNS(0xB701),
    NS_GET_PARENT(0xB702),
    NS_GET_NSTYPE(0xB703),
    NS_GET_OWNER_UID(0xB704),
    /** struct pidfd_info of PIDFD_INFO_SIZE_VER0, 64 bytes; since Linux 6.13. */
    PIDFD_GET_INFO(0xC040FF0BL),
    SECCOMP_IOCTL_NOTIF_RECV(0xC0502100L),
    SECCOMP_IOCTL_NOTIF_SEND(0xC0182101L),
    SECCOMP_IOCTL_NOTIF_ID_VALID(0x40082102L),
    SECCOMP_IOCTL_NOTIF_ADDFD(0x40182103L),
    /** Since Linux 6.6. */
    SECCOMP_IOCTL_NOTIF_SET_FLAGS(0x40082104L),
    BTRFS_IOC_SUBVOL_CREATE_V2(0x50009418L),
    BTRFS_IOC_SNAP_CREATE_V2(0x50009417L),
    BTRFS_IOC_SNAP_DESTROY_V2(0x5000943FL),
    BTRFS_IOC_SUBVOL_SETFLAGS(0x4008941AL),
    BTRFS_IOC_SYNC(0x9408L),
    BTRFS_IOC_TREE_SEARCH(0xD0009411L),
    BTRFS_IOC_INO_LOOKUP(0xD0009412L),
    BTRFS_IOC_FS_INFO(0x8400941FL),
    BTRFS_IOC_QUOTA_CTL(0xC0109428L),
    BTRFS_IOC_QGROUP_ASSIGN(0x40189429L),
    BTRFS_IOC_QGROUP_CREATE(0x4010942AL),
    BTRFS_IOC_QGROUP_LIMIT(0x8030942BL),
    FS_IOC_GETFLAGS(0x80086601L),
    FS_IOC_SETFLAGS(0x40086602L),
    FICLONE(0x40049409L);

    private final long value;

    Ioctl(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
