// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.NOPLogger;

class AdmissionTest {
    private final Admission admission = admission(Map.of(
            "BERTH_SSH_MAX_STARTUPS", "3:100:3",
            "BERTH_SSH_PER_SOURCE_MAX_STARTUPS", "2",
            "BERTH_SSH_PER_SOURCE_MAX_CONNECTIONS", "3"));

    private final Map<String, InetSocketAddress> addresses = new HashMap<>();

    private static Admission admission(Map<String, String> variables) {
        return new Admission(
                new LimitVariables(variables).read(), Clock.systemUTC(), new Random(1), NOPLogger.NOP_LOGGER);
    }

    @Test
    void eachSourceHasItsShare() {
        assertThat(admission.admit(from("192.0.2.1", 1))).isTrue();
        assertThat(admission.admit(from("192.0.2.1", 2))).isTrue();
        assertThat(admission.admit(from("192.0.2.1", 3))).isFalse();
        assertThat(admission.admit(from("192.0.2.2", 1))).isTrue();
    }

    @Test
    void allHaveATotal() {
        for (int host = 1; host <= 3; host++) {
            assertThat(admission.admit(from("192.0.2." + host, 1))).isTrue();
        }
        assertThat(admission.admit(from("192.0.2.4", 1))).isFalse();
    }

    @Test
    void whoLeavesMakesRoom() {
        admission.admit(from("192.0.2.1", 1));
        admission.admit(from("192.0.2.1", 2));
        admission.left(from("192.0.2.1", 1), null);
        assertThat(admission.admit(from("192.0.2.1", 3))).isTrue();
    }

    /** A client that has reset its connection may come again from the same port before ours has ended. */
    @Test
    void theSameAddressTwiceAreTwoConnections() {
        InetSocketAddress first = newly("192.0.2.1", 1);
        InetSocketAddress second = newly("192.0.2.1", 1);
        assertThat(admission.admit(first)).isTrue();
        assertThat(admission.admit(second)).isTrue();
        admission.left(first, null);
        admission.left(second, null);
        assertThat(admission.numbers()).contains("connections=0 startups=0 sources=0");
    }

    @Test
    void whoLogsInMakesRoomForStrangersAndCountsAsAConnection() {
        for (int port = 1; port <= 3; port++) {
            assertThat(admission.admit(from("192.0.2.1", port))).isTrue();
            admission.loggedIn(from("192.0.2.1", port));
        }
        assertThat(admission.admit(from("192.0.2.1", 4))).isFalse();
        admission.left(from("192.0.2.1", 1), Penalty.CRASH);
        assertThat(admission.admit(from("192.0.2.1", 4))).isTrue();
        assertThat(admission.numbers()).contains("connections=3 startups=1 sources=1 penalised=0", "logged-in=3");
    }

    @Test
    void networkOfAnIpv6HostIsOneSource() {
        assertThat(admission.admit(from("2001:db8::1", 1))).isTrue();
        assertThat(admission.admit(from("2001:db8::2", 1))).isTrue();
        assertThat(admission.admit(from("2001:db8::3", 1))).isFalse();
        assertThat(admission.admit(from("2001:db8:0:1::1", 1))).isTrue();
    }

    @Test
    void offencesAreCountedAndLeadToARefusal() {
        admission.admit(from("192.0.2.1", 1));
        admission.left(from("192.0.2.1", 1), Penalty.CRASH);
        assertThat(admission.admit(from("192.0.2.1", 2))).isFalse();
        assertThat(admission.admit(from("192.0.2.2", 1))).isTrue();
        assertThat(admission.numbers()).contains("penalties-crash=1", "refused-penalty=1", "penalised=1");
    }

    @Test
    void refusalsGrowWithTheCrowd() {
        var limit = new MaxStartups(10, 30, 100);
        var random = new Random(7);
        assertThat(refused(limit, 9, random)).isZero();
        assertThat(refused(limit, 10, random)).isBetween(2500, 3500);
        assertThat(refused(limit, 55, random)).isBetween(6000, 7000);
        assertThat(refused(limit, 100, random)).isEqualTo(10_000);
    }

    private static int refused(MaxStartups limit, int startups, Random random) {
        int refused = 0;
        for (int i = 0; i < 10_000; i++) {
            refused += limit.allows(startups, random) ? 0 : 1;
        }
        return refused;
    }

    @Test
    void defaults() {
        ConnectionLimits limits = new LimitVariables(Map.of()).read();
        assertThat(limits.maxStartups()).isEqualTo(new MaxStartups(100, 30, 200));
        assertThat(limits.perSourceMaxStartups()).isEqualTo(20);
        assertThat(limits.perSourceMaxConnections()).isEqualTo(1000);
        assertThat(limits.netBlock()).isEqualTo(new NetBlock(32, 64));
        assertThat(limits.penalties()).isEqualTo(PenaltySettings.parse("yes"));
        assertThat(limits.exempt().list()).isEmpty();
        assertThat(limits.loginGrace()).hasMinutes(2);
        assertThat(limits.maxAuthTries()).isEqualTo(6);
        assertThat(limits.maxSessions()).isEqualTo(10);
        assertThat(limits.maxChannels()).isEqualTo(256);
        assertThat(limits.maxInputBytes()).isEqualTo(32 << 20);
    }

    @Test
    void mapping() {
        ConnectionLimits limits = new LimitVariables(Map.of(
                        "BERTH_SSH_PER_SOURCE_NET_BLOCK_SIZE", "24:48",
                        "BERTH_SSH_PER_SOURCE_PENALTIES", "no",
                        "BERTH_SSH_PER_SOURCE_PENALTY_EXEMPT_LIST", "10.0.0.0/8,::1",
                        "BERTH_SSH_LOGIN_GRACE_TIME", "30",
                        "BERTH_SSH_MAX_AUTH_TRIES", "3",
                        "BERTH_SSH_MAX_SESSIONS", "1",
                        "BERTH_SSH_MAX_CHANNELS", "7",
                        "BERTH_SSH_MAX_INPUT_MIB", "1"))
                .read();
        assertThat(limits.netBlock().of(InetAddress.ofLiteral("192.0.2.9")))
                .isEqualTo(InetAddress.ofLiteral("192.0.2.0"));
        assertThat(limits.netBlock().of(InetAddress.ofLiteral("2001:db8:1:2::9")))
                .isEqualTo(InetAddress.ofLiteral("2001:db8:1::"));
        assertThat(limits.penalties().enabled()).isFalse();
        assertThat(limits.exempt().texts()).containsExactly("10.0.0.0/8", "::1");
        assertThat(limits.loginGrace()).hasSeconds(30);
        assertThat(limits.maxAuthTries()).isEqualTo(3);
        assertThat(limits.maxSessions()).isEqualTo(1);
        assertThat(limits.maxChannels()).isEqualTo(7);
        assertThat(limits.maxInputBytes()).isEqualTo(1 << 20);
    }

    @Test
    void wrongValueNamesItsVariableAndTheCure() {
        assertWrong("MAX_STARTUPS", "10", "start:rate:full");
        assertWrong("MAX_STARTUPS", "10:0:100", "start:rate:full");
        assertWrong("MAX_STARTUPS", "10:30:5", "start:rate:full");
        assertWrong("PER_SOURCE_MAX_STARTUPS", "none", "a whole number from 1");
        assertWrong("PER_SOURCE_NET_BLOCK_SIZE", "33:64", "IPv4 bits of 0 to 32");
        assertWrong("PER_SOURCE_PENALTIES", "off", "yes, no, or pairs");
        assertWrong("PER_SOURCE_PENALTY_EXEMPT_LIST", "example.org", "from: 'example.org' is no source");
        assertWrong("LOGIN_GRACE_TIME", "0", "a whole number from 1 to 3600");
    }

    private static void assertWrong(String name, String value, String cure) {
        assertThatThrownBy(() -> new LimitVariables(Map.of("BERTH_SSH_" + name, value)).read())
                .isInstanceOf(StartException.class)
                .hasMessageStartingWith("BERTH_SSH_" + name + "='" + value + "' is wrong; set it to ")
                .hasMessageContaining(cure);
    }

    /** Of the same connection, which is known by this object. */
    private InetSocketAddress from(String address, int port) {
        return addresses.computeIfAbsent(address + " " + port, _ -> newly(address, port));
    }

    private static InetSocketAddress newly(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
