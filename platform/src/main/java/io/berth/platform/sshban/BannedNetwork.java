// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshban;

import io.berth.core.access.Source;
import io.berth.core.spec.InvalidSpecException;
import io.berth.platform.problem.ProblemException;
import java.util.regex.Pattern;

/**
 * A network as an operator writes it.
 *
 * @param cidr address, slash and prefix
 */
record BannedNetwork(String cidr) {
    private static final Pattern ADDRESSES = Pattern.compile("[0-9a-fA-F.:]{2,45}(/[0-9]{1,3})?");
    /** What one registry is given at once. A slip of the finger (0.0.0.0/0) would shut out everybody, its author too. */
    private static final int WIDEST_IPV4 = 8;

    private static final int WIDEST_IPV6 = 16;
    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

    /** @throws ProblemException when it is none, or too wide */
    static BannedNetwork parse(String text) {
        String network = text.strip();
        requireForm(network);
        boolean isIpv4 = !network.contains(":");
        int slash = network.indexOf('/');
        int prefix = slash < 0 ? isIpv4 ? IPV4_BITS : IPV6_BITS : Integer.parseInt(network.substring(slash + 1));
        int widest = isIpv4 ? WIDEST_IPV4 : WIDEST_IPV6;
        if (prefix < widest) {
            throw wrong("'" + network + "' is too wide to be meant; ban networks of /" + widest + " or narrower");
        }
        return new BannedNetwork((slash < 0 ? network : network.substring(0, slash)) + "/" + prefix);
    }

    private static void requireForm(String network) {
        if (!ADDRESSES.matcher(network).matches()) {
            throw wrong("give an address or a network such as 192.0.2.0/24 or 2001:db8::/32");
        }
        try {
            new Source(network);
        } catch (InvalidSpecException e) {
            throw wrong(String.valueOf(e.getMessage()).replaceFirst("^from: ", ""));
        }
    }

    private static ProblemException wrong(String message) {
        return ProblemException.field("network", "network: " + message);
    }
}
