// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.spec.ContainerId;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which container has which IPv4 address, for its whole life; a file a container, in a directory of root's own. Freed addresses are
 * handed out again as late as possible, since the world may still talk to their former owner.
 */
final class Addresses {
    private static final Logger log = LoggerFactory.getLogger(Addresses.class);
    private static final String NONE = "none";

    private final Path directory;
    private final @Nullable Cidr net;
    private final Map<ContainerId, Optional<Inet4Address>> owners = new HashMap<>();
    private BigInteger cursor = BigInteger.ONE;

    /** @param net the bridge's address and net; null for no IPv4 */
    Addresses(Path directory, @Nullable Cidr net) {
        this.directory = directory;
        this.net = net;
    }

    /** Reads what was handed out before. An address outside the net, which was changed then, and a lost one are given up. */
    synchronized void load() {
        owners.clear();
        try {
            Files.createDirectories(directory);
            for (Path file : files()) {
                if (file.getFileName().toString().startsWith(AtomicFile.UNFINISHED)) {
                    Files.delete(file);
                } else {
                    load(file);
                }
            }
        } catch (IOException e) {
            throw new NetworkException("reading the addresses in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Empty for an unknown container; the address within is empty where the node had no IPv4. */
    synchronized Optional<Optional<Inet4Address>> find(ContainerId id) {
        return Optional.ofNullable(owners.get(id));
    }

    synchronized Set<ContainerId> ids() {
        return Set.copyOf(owners.keySet());
    }

    /** The container's address: the one that it has, or a new one; empty where the node has no IPv4. */
    synchronized Optional<Inet4Address> allocate(ContainerId id) {
        Optional<Inet4Address> present = owners.getOrDefault(id, Optional.empty());
        if (owners.containsKey(id) && (present.isPresent() || net == null)) {
            return present;
        }
        checkDistinct(id);
        Optional<Inet4Address> address = net == null ? Optional.empty() : Optional.of(next(net));
        AtomicFile.write(file(id), address.map(Inet4Address::getHostAddress).orElse(NONE) + "\n", "rw-------");
        owners.put(id, address);
        return address;
    }

    /** Frees the address; nothing may use it any more. */
    synchronized void release(ContainerId id) {
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw new NetworkException("freeing the address of container " + id + ": " + e.getMessage(), e);
        }
        owners.remove(id);
    }

    private Inet4Address next(Cidr in) {
        BigInteger hosts = in.size().subtract(BigInteger.TWO); // without the net's own and the broadcast address
        Set<Optional<Inet4Address>> taken = Set.copyOf(owners.values());
        for (BigInteger tried = BigInteger.ZERO; tried.compareTo(hosts) < 0; tried = tried.add(BigInteger.ONE)) {
            InetAddress candidate = in.at(cursor);
            cursor = cursor.mod(hosts).add(BigInteger.ONE);
            if (candidate instanceof Inet4Address address
                    && !address.equals(in.address())
                    && !taken.contains(Optional.of(address))) {
                return address;
            }
        }
        throw new AddressesExhaustedException("all addresses of " + in.network()
                + " belong to containers; delete a container or set BERTH_IPV4 to a larger net");
    }

    /** Names of ports and MAC addresses are cut from ids: two containers with the same would get each other's traffic. */
    private void checkDistinct(ContainerId id) {
        for (ContainerId other : owners.keySet()) {
            boolean same = Endpoints.hostInterface(other).equals(Endpoints.hostInterface(id))
                    || MacAddress.of(other).equals(MacAddress.of(id));
            if (same && !other.equals(id)) {
                throw new NetworkException("containers " + id + " and " + other
                        + " would share an interface name or MAC address; create the container anew, with another id");
            }
        }
    }

    private void load(Path file) throws IOException {
        ContainerId id = ContainerId.of(file.getFileName().toString());
        String text = Files.readString(file).strip();
        if (net == null || text.equals(NONE)) {
            owners.put(id, Optional.empty());
            return;
        }
        if (!text.isEmpty()
                && InetAddress.ofLiteral(text) instanceof Inet4Address address
                && net.contains(address)
                && !address.equals(net.address())
                && !owners.containsValue(Optional.of(address))) {
            owners.put(id, Optional.of(address));
            cursor = cursor.max(net.indexOf(address).add(BigInteger.ONE))
                    .min(net.size().subtract(BigInteger.TWO));
            return;
        }
        log.info("event=address-given-up container={} address={} net={}, it will get a new one", id, text, net);
        owners.put(id, Optional.empty());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private Path file(ContainerId id) {
        return directory.resolve(id.toString());
    }
}
