// SPDX-License-Identifier: Apache-2.0
package io.berth.core.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.berth.core.linux.Fd;
import io.berth.core.linux.SyscallException;
import io.berth.core.spec.ContainerId;
import io.berth.core.spec.Protocol;
import io.berth.core.spec.PublishedPort;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetlinkMessageTest {
    private static final ContainerId ID = ContainerId.of("0a1b2c3d-4e5f-4789-8abc-def012345678");

    @BeforeEach
    void littleEndian() {
        assumeTrue(
                ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN,
                "the expected bytes are those of a little-endian machine");
    }

    @Test
    void headerHasLengthTypeFlagsAndSequence() {
        var message = new NetlinkMessage("x", 0x1234, NetlinkMessage.NLM_F_ACK);

        assertThat(hex(message.toBytes(7))).isEqualTo("10000000" + "3412" + "0500" + "07000000" + "00000000");
    }

    @Test
    void attributesAreAlignedAndNestsCountTheirPadding() {
        var message = new NetlinkMessage("x", 1, 0)
                .nested(2, nest -> nest.text(3, "ab").int8(4, 1))
                .int32(5, 6);

        assertThat(hex(message.toBytes(0)).substring(32))
                .isEqualTo("1400" + "0280" + "0700" + "0300" + "61620000" + "0500" + "0400" + "01000000" + "0800"
                        + "0500" + "06000000");
    }

    @Test
    void vethHasItsPeerInTheContainer() {
        Endpoint endpoint = Endpoints.of(ID, Optional.empty(), null);
        byte[] bytes = Rtnetlink.newVeth(endpoint, 9, Fd.adopt(77, "netns")).toBytes(1);

        assertThat(hex(bytes))
                .isEqualTo(
                        "84000000" + "1000" + "0506" + "01000000" + "00000000" // RTM_NEWLINK, CREATE|EXCL|ACK|REQUEST
                                + "00".repeat(16) // struct ifinfomsg
                                + "1400" + "0300"
                                + HexFormat.of().formatHex("b0a1b2c3d4e5f47\0".getBytes(StandardCharsets.US_ASCII))
                                + "0800" + "0a00" + "09000000" // IFLA_MASTER
                                + "4800" + "1280" // IFLA_LINKINFO
                                + "0900" + "0100" + "76657468" + "00000000" // IFLA_INFO_KIND veth
                                + "3800" + "0280" // IFLA_INFO_DATA
                                + "3400" + "0180" // VETH_INFO_PEER
                                + "00".repeat(16)
                                + "0900" + "0300" + "65746830" + "00000000" // IFLA_IFNAME eth0
                                + "0a00" + "0100" + "02f012345678" + "0000" // IFLA_ADDRESS
                                + "0800" + "1c00" + "4d000000"); // IFLA_NET_NS_FD
    }

    @Test
    void setElementsKeyIsPaddedAsNftLaysItOut() {
        Endpoint endpoint = Endpoints.of(ID, Optional.of((Inet4Address) InetAddress.ofLiteral("10.0.0.2")), null);
        SetElement element = SetElement.of(endpoint).getLast();

        // as `nft --debug=netlink` prints it for the same element
        assertThat(element.set()).isEqualTo(NftSet.SENDERS_IPV4);
        assertThat(hex(element.bytes())).isEqualTo("6230613162326333643465356634370002f01234567800000a000002");
        assertThat(element.text()).isEqualTo("\"b0a1b2c3d4e5f47\" . 02:f0:12:34:56:78 . 10.0.0.2");
    }

    @Test
    void publishedPortsAreLaidOutAsNftDoes() {
        Endpoint endpoint = Endpoints.of(ID, Optional.of((Inet4Address) InetAddress.ofLiteral("10.0.0.2")), null);
        List<SetElement> elements = List.copyOf(SetElement.of(endpoint, new PublishedPort(Protocol.UDP, 20_053, 53)));

        assertThat(hex(elements.getFirst().bytes())).isEqualTo("11000000" + "4e550000");
        assertThat(hex(elements.getFirst().valueBytes())).isEqualTo("0a000002" + "00350000");
        assertThat(hex(elements.getLast().bytes())).isEqualTo("0a000002" + "11000000" + "00350000");
        assertThat(elements.getFirst().text()).isEqualTo("udp . 20053 : 10.0.0.2 . 53");
    }

    @Test
    void batchBeginsAndEndsForNftablesInNetworkOrder() {
        List<NetlinkMessage> batch = Nftables.batch(List.of());

        assertThat(hex(batch.getFirst().toBytes(1)))
                .isEqualTo("14000000" + "1000" + "0100" + "01000000" + "00000000" + "0000000a");
        assertThat(hex(batch.getLast().toBytes(2)))
                .isEqualTo("14000000" + "1100" + "0100" + "02000000" + "00000000" + "0000000a");
    }

    @Test
    void kernelsOwnWordsAreInTheException() {
        String words = hex("Unknown device type\0".getBytes(StandardCharsets.US_ASCII));
        byte[] datagram = HexFormat.of()
                .parseHex("3c000000" + "0200" + "0003" + "05000000" + "00000000" // NLMSG_ERROR, CAPPED|ACK_TLVS
                        + "a1ffffff" + "20000000" + "1000" + "0500" + "05000000"
                        + "00000000" // EOPNOTSUPP, the request's header
                        + "1800" + "0100" + words);
        NetlinkReply reply = NetlinkReply.all(datagram).getFirst();

        assertThat(reply.sequence()).isEqualTo(5);
        assertThatThrownBy(() -> reply.check("RTM_NEWLINK(x)"))
                .isInstanceOf(SyscallException.class)
                .hasMessage("RTM_NEWLINK(x): EOPNOTSUPP (operation not supported): Unknown device type");
    }

    @Test
    void attributesThatLieAboutTheirLengthAreRefused() {
        byte[] attribute = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putShort((short) 9)
                .array();

        assertThatThrownBy(() -> Attributes.of(attribute)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NetlinkReply.all(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
