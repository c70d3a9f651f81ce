// SPDX-License-Identifier: Apache-2.0
package io.berth.core.linux;

/** A machine whose system call numbers Berth knows. */
public enum Architecture {
    X86_64,
    AARCH64;

    public static Architecture host() {
        return HOST;
    }

    static Architecture of(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> X86_64;
            case "aarch64", "arm64" -> AARCH64;
            default ->
                throw new UnsupportedOperationException("Berth runs on x86-64 and aarch64, not on '" + osArch + "'");
        };
    }

    private static final Architecture HOST = of(System.getProperty("os.arch"));
}
