// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.ContainerId;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddressesTest {
    @TempDir
    Path directory;

    @Test
    void addressIsStableAcrossRestarts() {
        ContainerId id = id(1);
        Optional<Inet4Address> address = load("10.0.0.1/29").allocate(id);

        assertThat(load("10.0.0.1/29").find(id)).contains(address);
        assertThat(load("10.0.0.1/29").allocate(id)).isEqualTo(address);
    }

    @Test
    void everyAddressIsHandedOutOnceAndTheBridgesNever() {
        Addresses addresses = load("10.0.0.3/29");
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            all.add(text(addresses.allocate(id(i))));
        }

        assertThat(all).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2", "10.0.0.4", "10.0.0.5", "10.0.0.6");
        assertThatThrownBy(() -> addresses.allocate(id(9)))
                .isInstanceOf(AddressesExhaustedException.class)
                .hasMessage(
                        "all addresses of 10.0.0.0/29 belong to containers; delete a container or set BERTH_IPV4 to a larger net");
    }

    @Test
    void freedAddressIsReusedLast() {
        Addresses addresses = load("10.0.0.1/29");
        String first = text(addresses.allocate(id(1)));
        addresses.release(id(1));

        for (int i = 2; i < 6; i++) {
            assertThat(text(addresses.allocate(id(i)))).isNotEqualTo(first);
        }
        assertThat(text(addresses.allocate(id(6)))).isEqualTo(first);
    }

    @Test
    void anotherNetMeansAnotherAddress() {
        load("10.0.0.1/29").allocate(id(1));
        Addresses moved = load("10.9.0.1/24");

        assertThat(moved.find(id(1))).contains(Optional.empty());
        assertThat(text(moved.allocate(id(1)))).isEqualTo("10.9.0.2");
    }

    @Test
    void withoutIpv4AContainerIsKnownAllTheSame() {
        var addresses = new Addresses(directory, null);
        addresses.load();

        assertThat(addresses.allocate(id(1))).isEmpty();
        assertThat(addresses.ids()).containsExactly(id(1));
        assertThat(text(load("10.0.0.1/29").allocate(id(1)))).isEqualTo("10.0.0.2");
    }

    @Test
    void unfinishedFileOfACrashIsRemoved() throws Exception {
        Files.writeString(directory.resolve("." + id(1)), "10.0");

        assertThat(load("10.0.0.1/29").ids()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void fileThatAPowerCutEmptiedMeansAnotherAddress() throws Exception {
        Files.writeString(directory.resolve(id(1).toString()), "");

        assertThat(text(load("10.0.0.1/29").allocate(id(1)))).isEqualTo("10.0.0.2");
    }

    @Test
    void idsThatWouldShareAMacAddressAreRefused() {
        Addresses addresses = load("10.0.0.1/24");
        addresses.allocate(ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678"));

        assertThatThrownBy(() -> addresses.allocate(ContainerId.of("ffffffff-4e5f-4789-8abc-def012345678")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("would share");
        assertThatThrownBy(() -> addresses.allocate(ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345679")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("would share");
    }

    private Addresses load(String net) {
        var addresses = new Addresses(directory, Cidr.parse(net));
        addresses.load();
        return addresses;
    }

    private static String text(Optional<Inet4Address> address) {
        return address.orElseThrow().getHostAddress();
    }

    private static ContainerId id(int number) {
        return new ContainerId(new UUID(((long) number << 32) | 0x4000, 0x8000000000000000L | number));
    }
}
