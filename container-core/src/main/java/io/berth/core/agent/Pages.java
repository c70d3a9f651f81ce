// SPDX-License-Identifier: Apache-2.0
package io.berth.core.agent;

import io.berth.core.protocol.ContainerStatus;
import io.berth.core.protocol.IdRangeStatus;
import io.berth.core.protocol.Reply;
import io.berth.core.protocol.Wire;
import io.berth.core.spec.ContainerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts long answers into packets. */
final class Pages {
    private static final int PAGE_BYTES = Wire.MOST_BYTES / 2;
    private static final int TEXT_CHARACTERS = Wire.MOST_BYTES / 8; // JSON writes a control character as six bytes

    private Pages() {}

    /** @param all ordered by id */
    static Reply.Containers containers(List<ContainerStatus> all, @Nullable ContainerId after) {
        List<ContainerStatus> page = new ArrayList<>();
        int bytes = 0;
        for (ContainerStatus status : all) {
            if (after != null && status.id().compareTo(after) <= 0) {
                continue;
            }
            bytes += Wire.encode(new Reply.Container(status)).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                return new Reply.Containers(page, true);
            }
            page.add(status);
        }
        return new Reply.Containers(page, false);
    }

    /** @param all ordered by start */
    static Reply.IdRanges idRanges(List<IdRangeStatus> all, long after) {
        List<IdRangeStatus> page = new ArrayList<>();
        int bytes = 0;
        for (IdRangeStatus range : all) {
            if (range.start() <= after) {
                continue;
            }
            bytes += Wire.encode(new Reply.IdRanges(List.of(range), false)).length;
            if (!page.isEmpty() && bytes > PAGE_BYTES) {
                return new Reply.IdRanges(page, true);
            }
            page.add(range);
        }
        return new Reply.IdRanges(page, false);
    }

    /** At least one packet; a character outside the basic plane is never cut in two. */
    static List<Reply.Text> text(String text) {
        List<Reply.Text> packets = new ArrayList<>();
        int from = 0;
        do {
            int to = Math.min(from + TEXT_CHARACTERS, text.length());
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to--;
            }
            packets.add(new Reply.Text(text.substring(from, to), to < text.length()));
            from = to;
        } while (from < text.length());
        return packets;
    }
}
