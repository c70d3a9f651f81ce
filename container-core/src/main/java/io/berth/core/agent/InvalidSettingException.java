// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

/** A setting is wrong; the message names the variable and the cure. */
public final class InvalidSettingException extends RuntimeException {
    public InvalidSettingException(String variable, String value, String cure) {
        super(variable + "='" + value + "' is wrong; " + cure + " (in /etc/berth/berth.conf or the environment)");
    }
}
