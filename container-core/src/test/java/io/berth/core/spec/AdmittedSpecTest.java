// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdmittedSpecTest {
    private static final ImageId KNOWN = new ImageId("sha256:" + "a".repeat(64));
    private static final ImageId OTHER = new ImageId("sha256:" + "b".repeat(64));
    private static final TenantName DEMO = new TenantName("demo");
    private static final Allowance ALL = new Allowance(DEMO, KNOWN::equals, EnumSet.allOf(NetworkMode.class));

    private static ContainerSpec spec(String name, TenantName tenant, ImageId image, NetworkMode network) {
        return new ContainerSpec(new ContainerName(name), tenant, image, Limits.DEFAULT, network);
    }

    private static void assertRefused(Allowance allowance, ContainerSpec desired, String field) {
        assertThatThrownBy(() -> AdmittedSpec.admit(allowance, desired))
                .isInstanceOfSatisfying(
                        InvalidSpecException.class, e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void whatTheAllowanceCoversIsAdmittedAsItIs() {
        ContainerSpec desired = spec("web", DEMO, KNOWN, NetworkMode.NAT);
        assertThat(AdmittedSpec.admit(ALL, desired).spec()).isEqualTo(desired);
    }

    @Test
    void eachFieldIsHeldAgainstTheAllowance() {
        assertRefused(ALL, spec("web", new TenantName("other"), KNOWN, NetworkMode.NAT), "tenant");
        assertRefused(ALL, spec("web", DEMO, OTHER, NetworkMode.NAT), "image");
        assertRefused(ALL, spec("a0000000-0000-0000-0000-000000000000", DEMO, KNOWN, NetworkMode.NAT), "name");
        Allowance noNetwork = new Allowance(DEMO, KNOWN::equals, Set.of(NetworkMode.NONE));
        assertRefused(noNetwork, spec("web", DEMO, KNOWN, NetworkMode.NAT), "network");
        for (Device device : Device.values()) {
            assertRefused(ALL, spec("web", DEMO, KNOWN, NetworkMode.NAT).with(Devices.of(Set.of(device))), "devices");
        }
    }

    @Test
    void aVolumeIsHeldAgainstTheAllowance() {
        VolumeId own = VolumeId.of("00000000-0000-4000-8000-000000000001");
        VolumeId other = VolumeId.of("00000000-0000-4000-8000-000000000002");
        Allowance allowance = new Allowance(
                DEMO, KNOWN::equals, Set.of(NetworkMode.NAT), Set.of(), own::equals, PublishablePorts.NONE);
        ContainerSpec plain = spec("web", DEMO, KNOWN, NetworkMode.NAT);
        ContainerSpec having = plain.with(List.of(mount(own, "/srv")));
        assertThat(AdmittedSpec.admit(allowance, having).spec()).isEqualTo(having);
        assertRefused(allowance, plain.with(List.of(mount(own, "/srv"), mount(other, "/opt"))), "volumes");
        assertRefused(ALL, having, "volumes");
    }

    @Test
    void aPublishedPortIsHeldAgainstTheAllowance() {
        var ports = new PublishablePorts(20_000, 20_999, Set.of(20_022));
        var allowance =
                new Allowance(DEMO, KNOWN::equals, EnumSet.allOf(NetworkMode.class), Set.of(), _ -> false, ports);
        ContainerSpec plain = spec("web", DEMO, KNOWN, NetworkMode.NAT);
        ContainerSpec publishing = plain.with(publishing(20_000));
        assertThat(AdmittedSpec.admit(allowance, publishing).spec()).isEqualTo(publishing);
        for (int port : new int[] {22, 80, 8080, 19_999, 20_022, 21_000, 65_535}) {
            assertRefused(allowance, plain.with(publishing(port)), "ports");
        }
        assertRefused(ALL, publishing, "ports");
        assertRefused(allowance, spec("web", DEMO, KNOWN, NetworkMode.NONE).with(publishing(20_000)), "networkRules");
    }

    @Test
    void aPublishedPortIsThereOnce() {
        PublishedPort tcp = new PublishedPort(Protocol.TCP, 20_000, 80);
        assertThat(new NetworkRules(List.of(tcp, new PublishedPort(Protocol.UDP, 20_000, 80))).ports())
                .hasSize(2);
        List<PublishedPort> many = Stream.iterate(1, it -> it + 1)
                .limit(PublishedPort.MOST + 1)
                .map(it -> new PublishedPort(Protocol.TCP, it, 80))
                .toList();
        for (List<PublishedPort> wrong : List.of(List.of(tcp, new PublishedPort(Protocol.TCP, 20_000, 81)), many)) {
            assertThatThrownBy(() -> new NetworkRules(wrong)).isInstanceOf(InvalidSpecException.class);
        }
        for (int port : new int[] {-1, 0, 65_536}) {
            assertThatThrownBy(() -> new PublishedPort(Protocol.TCP, port, 80))
                    .isInstanceOfSatisfying(
                            InvalidSpecException.class,
                            e -> assertThat(e.field()).isEqualTo("hostPort"));
            assertThatThrownBy(() -> new PublishedPort(Protocol.TCP, 20_000, port))
                    .isInstanceOfSatisfying(
                            InvalidSpecException.class,
                            e -> assertThat(e.field()).isEqualTo("containerPort"));
        }
    }

    private static NetworkRules publishing(int hostPort) {
        return new NetworkRules(List.of(new PublishedPort(Protocol.TCP, hostPort, 80)));
    }

    private static VolumeMount mount(VolumeId volume, String path) {
        return new VolumeMount(volume, new MountPath(path), false);
    }

    @Test
    void volumesAreBesideEachOtherAndEachIsThereOnce() {
        VolumeId one = VolumeId.of("00000000-0000-4000-8000-000000000001");
        VolumeId two = VolumeId.of("00000000-0000-4000-8000-000000000002");
        ContainerSpec plain = spec("web", DEMO, KNOWN, NetworkMode.NAT);
        assertThat(plain.with(List.of(mount(one, "/srv/a"), mount(two, "/srv/ab")))
                        .volumes())
                .hasSize(2);
        for (List<VolumeMount> wrong : List.of(
                List.of(mount(one, "/srv"), mount(one, "/opt")),
                List.of(mount(one, "/srv"), mount(two, "/srv")),
                List.of(mount(one, "/srv"), mount(two, "/srv/a")),
                List.of(mount(two, "/srv/a/b"), mount(one, "/srv/a")),
                Stream.generate(() -> new VolumeId(UUID.randomUUID()))
                        .limit(VolumeMount.MOST + 1)
                        .map(id -> mount(id, "/srv/" + id))
                        .toList())) {
            assertThatThrownBy(() -> plain.with(wrong))
                    .isInstanceOfSatisfying(
                            InvalidSpecException.class,
                            e -> assertThat(e.field()).isEqualTo("volumes"));
        }
    }

    @Test
    void nothingElseMakesOne() {
        assertThat(AdmittedSpec.class.getDeclaredConstructors())
                .extracting(Constructor::getModifiers)
                .allMatch(Modifier::isPrivate);
        assertThat(Modifier.isFinal(AdmittedSpec.class.getModifiers())).isTrue();
    }
}
