// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.settings;

/** A setting, or a file that belongs to the settings, is wrong; the message names it and the cure in one line. */
public final class InvalidSettingException extends RuntimeException {
    public InvalidSettingException(String message) {
        super(message);
    }

    InvalidSettingException(String variable, String value, String cure) {
        this(variable + "='" + value + "' is wrong; " + cure + " (in /etc/berth/berth.conf or the environment)");
    }
}
