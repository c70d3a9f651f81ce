// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** enum fsconfig_command, include/uapi/linux/mount.h; see fsconfig(2), since Linux 5.2. */
public enum FsconfigCommand implements Constant {
    FSCONFIG_SET_FLAG(0),
    FSCONFIG_SET_STRING(1),
    FSCONFIG_SET_BINARY(2),
    FSCONFIG_SET_PATH(3),
    FSCONFIG_SET_PATH_EMPTY(4),
    FSCONFIG_SET_FD(5),
    FSCONFIG_CMD_CREATE(6),
    FSCONFIG_CMD_RECONFIGURE(7),
    FSCONFIG_CMD_CREATE_EXCL(8);

    private final long value;

    FsconfigCommand(long value) {
        this.value = value;
    }

    @Override
    public long value() {
        return value;
    }
}
