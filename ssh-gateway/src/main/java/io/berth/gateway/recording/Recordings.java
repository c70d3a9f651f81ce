// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway.recording;

import java.util.function.Consumer;

/** Where recordings begin. */
@FunctionalInterface
public interface Recordings {
    /**
     * @param term the terminal's type
     * @param failed is told once why a recording that has begun goes on no more; takes no time
     */
    Recording begin(Facts facts, String term, Consumer<String> failed) throws RecordingFailedException;
}
