// SPDX-License-Identifier: Apache-2.0
package io.berth.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.berth.core.spec.InvalidSpecException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwardingRulesTest {
    @Test
    void withoutRulesEverythingMayBeForwarded() {
        ForwardingRules rules = ForwardingRules.EVERYTHING;
        assertThat(rules.allowsConnect("db", 5432)).isTrue();
        assertThat(rules.allowsListen("", 0)).isTrue();
        assertThat(rules.allowsUnixConnect()).isTrue();
        assertThat(rules.allowsUnixListen()).isTrue();
        assertThat(rules.agent()).isTrue();
        assertThat(rules.x11()).isTrue();
    }

    @Test
    void withoutPortsNothingIsConnectedWhateverTheListsSay() {
        var rules = new ForwardingRules(false, true, true, endpoints("*:*"), endpoints("*:*"));
        assertThat(rules.allowsConnect("db", 5432)).isFalse();
        assertThat(rules.allowsListen("localhost", 80)).isFalse();
        assertThat(rules.allowsUnixConnect()).isFalse();
        assertThat(rules.allowsUnixListen()).isFalse();
    }

    @Test
    void connectionsGoWhereTheListSaysAndNowhereElse() {
        var rules = open("db:5432", "[2001:db8::1]:80", "web:*");
        assertThat(rules.allowsConnect("db", 5432)).isTrue();
        assertThat(rules.allowsConnect("DB", 5432)).isTrue();
        assertThat(rules.allowsConnect("db", 5433)).isFalse();
        assertThat(rules.allowsConnect("db.evil", 5432)).isFalse();
        assertThat(rules.allowsConnect("2001:db8::1", 80)).isTrue();
        assertThat(rules.allowsConnect("web", 1)).isTrue();
        assertThat(rules.allowsConnect("127.0.0.1", 5432)).isFalse();
    }

    @Test
    void listOfPortsPermitsNoUnixSocket() {
        assertThat(open("db:5432").allowsUnixConnect()).isFalse();
        assertThat(open("db:5432").allowsUnixListen()).isTrue();
        assertThat(listen("*:8080").allowsUnixListen()).isFalse();
    }

    @Test
    void listeningHostsMayHaveWildcards() {
        var rules = listen("127.0.0.?:8080", "localhost:*");
        assertThat(rules.allowsListen("127.0.0.2", 8080)).isTrue();
        assertThat(rules.allowsListen("0.0.0.0", 8080)).isFalse();
        assertThat(rules.allowsListen("localhost", 0)).isTrue();
        assertThat(rules.allowsListen("127.0.0.1", 0)).isFalse();
    }

    @Test
    void hostsToConnectToAreLiteral() {
        assertThatThrownBy(() -> open("*.example.org:80"))
                .isInstanceOf(InvalidSpecException.class)
                .hasMessageStartingWith("permitOpen: a host is taken literally");
        assertThat(open("*:80").allowsConnect("anything", 80)).isTrue();
    }

    @Test
    void endpointsAreWrittenAsTheyAreRead() {
        for (String text : List.of("localhost:5432", "[::1]:80", "*:*", "10.0.0.?:1")) {
            assertThat(Endpoint.parse(text)).hasToString(text);
        }
    }

    @Test
    void whatIsNoEndpointIsRefusedWithTheCure() {
        for (String text :
                List.of("", "host", "host:", ":80", "host:0", "host:65536", "::1:80", "host:80:90", "a b:1")) {
            assertThatThrownBy(() -> Endpoint.parse(text))
                    .as(text)
                    .isInstanceOf(InvalidSpecException.class)
                    .hasMessageContaining("give host:port");
        }
    }

    private static ForwardingRules open(String... texts) {
        return new ForwardingRules(true, true, true, endpoints(texts), List.of());
    }

    private static ForwardingRules listen(String... texts) {
        return new ForwardingRules(true, true, true, List.of(), endpoints(texts));
    }

    private static List<Endpoint> endpoints(String... texts) {
        return Arrays.stream(texts).map(Endpoint::parse).toList();
    }
}
