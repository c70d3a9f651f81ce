// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.core.client.AgentException;
import org.apache.sshd.common.SshConstants;

/** No socket for a forward; the message is fit for the user. */
final class ForwardRefusedException extends Exception {
    private final int code;

    /** @param code RFC 4254, section 5.1 */
    ForwardRefusedException(int code, String message) {
        super(message);
        this.code = code;
    }

    ForwardRefusedException(AgentException refused) {
        super(refused.getMessage(), refused);
        this.code = switch (refused.refusal()) {
            case FORBIDDEN -> SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED;
            case TOO_MANY, EXHAUSTED -> SshConstants.SSH_OPEN_RESOURCE_SHORTAGE;
            case INVALID, NOT_FOUND, CONFLICT, UNSUPPORTED, FAILED -> SshConstants.SSH_OPEN_CONNECT_FAILED;
        };
    }

    int code() {
        return code;
    }
}
