// SPDX-License-Identifier: Apache-2.0
package io.berth.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.EnumSet;
import java.util.Set;
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
    void nothingElseMakesOne() {
        assertThat(AdmittedSpec.class.getDeclaredConstructors())
                .extracting(Constructor::getModifiers)
                .allMatch(Modifier::isPrivate);
        assertThat(Modifier.isFinal(AdmittedSpec.class.getModifiers())).isTrue();
    }
}
