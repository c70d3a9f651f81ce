// SPDX-License-Identifier: Apache-2.0
package io.berth.core.capability;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A set of capabilities.
 *
 * @param bits bit n is the capability of number n; bits that {@link Capability} has no name for are kept
 */
public record CapabilitySet(long bits) implements Iterable<Capability> {
    public static final CapabilitySet NONE = new CapabilitySet(0);

    public static CapabilitySet of(Capability... capabilities) {
        return of(Set.of(capabilities));
    }

    public static CapabilitySet of(Collection<Capability> capabilities) {
        long bits = 0;
        for (Capability capability : capabilities) {
            bits |= 1L << capability.number();
        }
        return new CapabilitySet(bits);
    }

    /** From a line like CapBnd of /proc/PID/status: 16 hexadecimal digits. */
    public static CapabilitySet ofHex(String digits) {
        return new CapabilitySet(HexFormat.fromHexDigitsToLong(digits.strip()));
    }

    public boolean contains(Capability capability) {
        return (bits & 1L << capability.number()) != 0;
    }

    public CapabilitySet without(CapabilitySet others) {
        return new CapabilitySet(bits & ~others.bits);
    }

    /** The named ones, in the order of their numbers. */
    public Set<Capability> named() {
        Set<Capability> named = EnumSet.allOf(Capability.class);
        named.removeIf(capability -> !contains(capability));
        return named;
    }

    @Override
    public Iterator<Capability> iterator() {
        return named().iterator();
    }

    @Override
    public String toString() {
        return named().stream().map(Capability::name).collect(Collectors.joining(" "));
    }
}
