// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.berth.core.spec.InvalidSpecException;
import java.net.InetAddress;
import java.util.List;

/**
 * From where somebody may come; OpenSSH's {@code from}.
 *
 * @param list empty: from everywhere
 */
public record Sources(List<Source> list) {
    private static final int MOST = 64;

    public static final Sources EVERYWHERE = new Sources(List.of());

    /** @throws InvalidSpecException when nobody could come, or it is too long */
    @JsonCreator
    public Sources {
        list = List.copyOf(list);
        if (list.size() > MOST) {
            throw new InvalidSpecException("from", list.size() + " sources are too many; give up to " + MOST);
        }
        if (!list.isEmpty() && list.stream().allMatch(Source::isRefusal)) {
            throw new InvalidSpecException(
                    "from", "refuses some and lets nobody in; add who may come, such as 0.0.0.0/0 and ::/0");
        }
    }

    /** @throws InvalidSpecException when one of them is no source */
    public static Sources of(List<String> texts) {
        return new Sources(texts.stream().map(Source::new).toList());
    }

    /** A refusal wins wherever it stands. */
    public boolean allow(InetAddress address) {
        if (list.isEmpty()) {
            return true;
        }
        return list.stream().noneMatch(source -> source.isRefusal() && source.contains(address))
                && list.stream().anyMatch(source -> !source.isRefusal() && source.contains(address));
    }

    public List<String> texts() {
        return list.stream().map(Source::text).toList();
    }

    @JsonValue
    List<Source> json() {
        return list;
    }
}
