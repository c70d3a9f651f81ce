// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import java.io.IOException;

/** The channel that an {@link InputPump} carries from. */
interface ChannelInput {
    /** Room for that many more bytes from the client. */
    void releaseWindow(int bytes) throws IOException;

    /** What the client still sends goes nowhere. */
    void endInput() throws IOException;
}
