// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import io.berth.core.linux.Fd;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.NetworkRules;
import io.berth.core.spec.PublishedPort;
import io.berth.core.spec.TenantName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's network: one bridge on which containers are separate from each other, routed and translated to the outside.
 *
 * <p>For many threads, as long as no two work on the same container. All must be in the network namespace in which {@link #prepare}
 * was called. Netlink's errors are {@link io.berth.core.linux.SyscallException}s, everything else is a {@link NetworkException}.
 */
public final class NodeNetwork implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeNetwork.class);
    private static final String ALIAS = "berth network, sysctls noted in ";
    private static final List<String> NF_CALLS =
            List.of("net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables");
    private static final int DELETERS = 4; // the kernel removes links one after the other in any case
    private static final int CLOSE_SECONDS = 30;

    private final NetworkSettings settings;
    private final Links links;
    private final Nftables nftables;
    private final Publications publications;
    private final Addresses addresses;
    private final DhcpHosts hosts;
    private final Sysctls sysctls;
    private final Map<ContainerId, Future<?>> deletions = new ConcurrentHashMap<>();
    private final ExecutorService deleter = Executors.newFixedThreadPool(
            DELETERS, Thread.ofPlatform().daemon().name("link-deleter-", 0).factory());
    private volatile @Nullable Prepared prepared;

    /**
     * Touches nothing yet.
     *
     * @param publishable which of the node's ports may lead to a container
     */
    public NodeNetwork(NetworkSettings settings, IntPredicate publishable) {
        this.settings = settings;
        links = new Links(settings.bridge());
        nftables = new Nftables(settings.instance());
        publications = new Publications(nftables, publishable);
        addresses = new Addresses(settings.stateDir().resolve("network/addresses"), settings.ipv4());
        hosts = new DhcpHosts(run("hosts"));
        sysctls = new Sysctls(run("sysctls"));
    }

    /** What is known only once the host was looked at. */
    private record Prepared(@Nullable Cidr ipv6, Dnsmasq dnsmasq) {}

    /**
     * Makes the bridge, the rules and the services, or takes over what an earlier agent left of them. May be repeated.
     *
     * @param running the rules of those that are connected already
     * @throws NetworkException when the host lacks something; the message has the cure
     */
    public synchronized void prepare(Map<ContainerId, NetworkRules> running) {
        Tool.NFT.find();
        Tool.DNSMASQ.find();
        Account account = Account.find();
        directories(account);
        addresses.load();
        links.createBridge();
        Ipv6 ipv6 = new Ipv6(settings.bridge(), settings.ipv6());
        @Nullable Cidr usableIpv6 = ipv6.prepare();
        removeStrangers();
        rule(usableIpv6, running); // before anything is routed
        links.address(ipv6.bridgeAddresses(settings.ipv4(), usableIpv6), ALIAS + run("sysctls"));
        forward(usableIpv6);
        serve(account, usableIpv6);
    }

    /**
     * Connects a container: afterwards {@code eth0} is in its network namespace, down, for its init to take up.
     *
     * @param rules in effect when it returns
     * @param netns stays the caller's
     * @return the addresses that the container will get
     * @throws AddressesExhaustedException when there is none left
     */
    public Endpoint connect(ContainerId id, ContainerName name, TenantName tenant, NetworkRules rules, Fd netns) {
        Prepared network = prepared();
        await(id);
        boolean isNew = addresses.find(id).isEmpty();
        Endpoint endpoint = Endpoints.of(id, addresses.allocate(id), network.ipv6);
        if (endpoint.ipv4() != null) {
            if (isNew) {
                network.dnsmasq.endForeignLease(endpoint.ipv4().getHostAddress(), endpoint.mac());
            }
            hosts.add(id, endpoint.mac(), endpoint.ipv4());
        }
        try {
            nftables.add(SetElement.of(endpoint)); // first, so that no frame of the port passes unchecked
            links.connect(endpoint, alias(name, tenant), netns);
            publications.set(endpoint, rules);
            return endpoint;
        } catch (RuntimeException e) {
            disconnect(id);
            throw e;
        }
    }

    /** Changes the rules of a connected container, at once. */
    public void apply(ContainerId id, NetworkRules rules) {
        endpoint(id).ifPresent(endpoint -> publications.set(endpoint, rules));
    }

    /** Whether nothing on the node itself has a port in use. */
    public boolean isFree(PublishedPort port) {
        return HostPorts.isFree(port);
    }

    /** Cuts a connected container off, until {@link #restore}; one that is not connected is fine. What is cut stays so without us. */
    public void cut(ContainerId id) {
        endpoint(id).ifPresent(endpoint -> {
            links.setOpen(endpoint, "", false);
            publications.clear(endpoint);
        });
    }

    /** Undoes {@link #cut}; one that is not cut off or not connected is fine. */
    public void restore(ContainerId id, ContainerName name, TenantName tenant, NetworkRules rules) {
        endpoint(id).ifPresent(endpoint -> {
            links.setOpen(endpoint, alias(name, tenant), true);
            publications.set(endpoint, rules);
        });
    }

    /**
     * What the kernel knows of a container's port; empty before its first connection.
     *
     * @param netns the container's network namespace; stays the caller's
     */
    public Optional<PortFacts> port(ContainerId id, Fd netns) {
        return endpoint(id).map(endpoint -> new PortReader(settings.bridge(), nftables).read(endpoint, netns));
    }

    private static String alias(ContainerName name, TenantName tenant) {
        return name + "." + tenant;
    }

    /** Closes a container's ports, and takes its link away in the background; it keeps its addresses. One that is gone is fine. */
    public void disconnect(ContainerId id) {
        endpoint(id).ifPresent(endpoint -> {
            try {
                publications.clear(endpoint);
            } finally { // without its link nobody reaches it, whatever the tables say
                deletions.compute(
                        id,
                        (key, earlier) -> earlier != null && !earlier.isDone()
                                ? earlier
                                : deleter.submit(() -> delete(endpoint)));
            }
        });
    }

    /** Takes a deleted container's link and addresses away; done when it returns. One that is unknown is fine. */
    public void forget(ContainerId id) {
        disconnect(id);
        await(id);
        deletions.remove(id);
        if (hosts.remove(id)) {
            prepared().dnsmasq.reload();
        }
        addresses.release(id);
    }

    /** A container's place in the network, connected or not; empty before its first connection. */
    public Optional<Endpoint> endpoint(ContainerId id) {
        Prepared network = prepared();
        return addresses.find(id).map(ipv4 -> Endpoints.of(id, ipv4, network.ipv6));
    }

    /** What has passed a container's port; empty while it has none. */
    public Optional<Traffic> traffic(ContainerId id) {
        return Traffic.of(id);
    }

    /** All containers that have a place in the network, connected or not. */
    public Set<ContainerId> known() {
        prepared();
        return addresses.ids();
    }

    /** The names of the bridge's ports that belong to none of the running containers. */
    public List<String> leftovers(Collection<ContainerId> running) {
        Set<String> wanted = running.stream().map(Endpoints::hostInterface).collect(Collectors.toSet());
        return links.ports().stream().filter(port -> !wanted.contains(port)).toList();
    }

    /** Removes {@link #leftovers}, in the background. */
    public void removeLeftovers(Collection<ContainerId> running) {
        known().stream().filter(id -> !running.contains(id)).forEach(this::disconnect);
        leftovers(known()).forEach(stranger -> deleter.execute(() -> links.delete(stranger)));
    }

    /** Removes everything from the host and puts its settings back; containers keep their addresses in the state directory. */
    public synchronized void release() {
        Prepared network = prepared();
        awaitAll();
        network.dnsmasq.terminate();
        links.ports().forEach(links::delete);
        links.deleteBridge();
        restoreSysctls();
        Tool.NFT.run(ruleset(network.ipv6).removal(), List.of("-f", "-"));
        hosts.clear();
        remove(run("dnsmasq.conf"), run("dnsmasq.pid"), run("hosts"), run(""));
        prepared = null;
    }

    /** Lets go of the network in this process; it stays as it is, for containers to use and for the next agent. */
    @Override
    public void close() {
        awaitAll();
        deleter.shutdown();
        try {
            if (!deleter.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("event=links-left bridge={}, the next start removes them", settings.bridge());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Prepared network = prepared;
        if (network != null) {
            network.dnsmasq.close();
            prepared = null;
        }
    }

    private void directories(Account account) {
        try {
            Files.createDirectories(settings.stateDir().resolve("network"));
            passable(run(""));
            hosts.prepare(account);
        } catch (IOException e) {
            throw new NetworkException("preparing " + run("") + ": " + e.getMessage(), e);
        }
    }

    /** A port of nobody's has no pins, so it must not stay. */
    private void removeStrangers() {
        leftovers(addresses.ids()).forEach(links::delete);
    }

    private void rule(@Nullable Cidr ipv6, Map<ContainerId, NetworkRules> running) {
        List<Endpoint> endpoints = new ArrayList<>();
        Map<Endpoint, NetworkRules> rules = new HashMap<>();
        for (ContainerId id : addresses.ids()) {
            Endpoint endpoint = Endpoints.of(id, addresses.find(id).orElseThrow(), ipv6);
            endpoints.add(endpoint);
            rules.put(endpoint, running.getOrDefault(id, NetworkRules.NONE));
        }
        Tool.NFT.run(ruleset(ipv6).text(endpoints, publications.begin(rules)), List.of("-f", "-"));
    }

    private Ruleset ruleset(@Nullable Cidr ipv6) {
        return new Ruleset(settings.instance(), settings.bridge(), settings.ipv4(), ipv6);
    }

    private void forward(@Nullable Cidr ipv6) {
        if (settings.ipv4() != null) {
            sysctls.change("net/ipv4/ip_forward", "1");
        }
        if (ipv6 != null) {
            sysctls.keepRouterAdvertisements(settings.bridge()); // before: forwarding drops the routes learnt from them
            sysctls.change("net/ipv6/conf/all/forwarding", "1");
        }
        bridgeByItself();
    }

    /**
     * With br_netfilter the host translates a frame's address while it is bridged, and sends it on from one isolated port to another, which
     * drops it: containers would not reach published ports. Others may need that for bridges of their own, where it stays as it is.
     */
    private void bridgeByItself() {
        List<String> switchedOn = NF_CALLS.stream()
                .filter(key -> Sysctls.read(key).equals(Optional.of("1")))
                .toList();
        if (switchedOn.isEmpty()) {
            return;
        }
        boolean isOurs = links.otherBridges().stream().allMatch(alias -> alias.startsWith(ALIAS));
        if (isOurs) {
            switchedOn.forEach(key -> sysctls.change(key, "0"));
        } else {
            log.warn(
                    "event=bridge-netfilter settings={}, published ports can't be reached from containers of this host; set them to 0 if"
                            + " its other bridges can do without",
                    switchedOn);
        }
    }

    /** Another instance on this host needs them, too; whoever goes last puts them back. */
    private void restoreSysctls() {
        Optional<Path> heir = links.otherBridges().stream()
                .filter(alias -> alias.startsWith(ALIAS))
                .map(alias -> Path.of(alias.substring(ALIAS.length())))
                .filter(note -> Files.isDirectory(note.resolveSibling(".")))
                .findFirst();
        heir.ifPresentOrElse(sysctls::handOver, sysctls::restore);
    }

    private void serve(Account account, @Nullable Cidr ipv6) {
        Prepared earlier = prepared;
        if (earlier != null) {
            earlier.dnsmasq.close();
        }
        var dnsmasq = new Dnsmasq(
                new DnsmasqSettings(
                        settings.bridge(),
                        account,
                        settings.ipv4(),
                        ipv6,
                        run("hosts"),
                        settings.stateDir().resolve("network/leases"),
                        run("dnsmasq.pid"),
                        settings.resolvConf()),
                run("dnsmasq.conf"),
                this::macs);
        prepared = new Prepared(ipv6, dnsmasq);
        dnsmasq.ensure();
    }

    private Set<String> macs() {
        return addresses.ids().stream().map(id -> MacAddress.of(id).toString()).collect(Collectors.toSet());
    }

    private void delete(Endpoint endpoint) {
        try {
            links.disconnect(endpoint);
            nftables.remove(SetElement.of(endpoint));
        } catch (RuntimeException e) {
            log.error("event=disconnect-failed container={}, the next start tries again", endpoint.container(), e);
        }
    }

    private void await(ContainerId id) {
        Future<?> deletion = deletions.get(id);
        if (deletion == null) {
            return;
        }
        try {
            deletion.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while the link of container " + id + " was removed", e);
        } catch (ExecutionException e) {
            throw new NetworkException("removing the link of container " + id, e);
        }
    }

    private void awaitAll() {
        deletions.keySet().forEach(this::await);
    }

    private Prepared prepared() {
        Prepared network = prepared;
        if (network == null) {
            throw new IllegalStateException("the network of instance " + settings.instance() + " is not prepared");
        }
        return network;
    }

    private Path run(String name) {
        return settings.runDir().resolve("network").resolve(name);
    }

    /** For dnsmasq, which finds its hosts in there as a user without privileges; nobody can list it. */
    private static void passable(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private static void remove(Path... files) {
        try {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("event=files-left, ignoring", e);
        }
    }
}
