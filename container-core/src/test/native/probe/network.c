// SPDX-License-Identifier: Apache-2.0
/* Sockets: families that know no namespaces, and who can be reached. The test names the targets. */
#include "probe.h"
#include <arpa/inet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/un.h>

enum { PATIENCE = 300 }; /* milliseconds; who is reachable is on this machine */

static long make(int family, int type, int protocol)
{
    return socket(family, type | SOCK_CLOEXEC, protocol);
}

static long vsock(void)
{
    return make(AF_VSOCK, SOCK_STREAM, 0);
}

static long alg(void)
{
    return make(AF_ALG, SOCK_SEQPACKET, 0);
}

static long packet(void)
{
    return make(AF_PACKET, SOCK_RAW, htons(3));
}

static long raw_ip(void)
{
    return make(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static long netfilter(void)
{
    return make(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}

static long audit(void)
{
    struct nlmsghdr get = {.nlmsg_len = sizeof get, .nlmsg_type = 1000 /* AUDIT_GET */, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK};
    struct {
        struct nlmsghdr header;
        int error;
        char more[256];
    } reply = {0};
    long fd = make(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);

    if (fd < 0 || send((int)fd, &get, sizeof get, 0) < 0)
        return -1;
    if (recv((int)fd, &reply, sizeof reply, MSG_DONTWAIT) < 0)
        return -1;
    errno = -reply.error;
    return reply.header.nlmsg_type == NLMSG_ERROR && reply.error ? -1 : 0;
}

/* A forged uevent to every udev: only to those of one's own network namespace. */
static long forge_uevent(void)
{
    static const char event[] = "add@/devices/probe\0ACTION=add\0DEVPATH=/devices/probe\0SUBSYSTEM=probe";
    struct sockaddr_nl group = {.nl_family = AF_NETLINK, .nl_groups = 1};
    long fd = make(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT);

    return fd < 0 ? -1 : sendto((int)fd, event, sizeof event, 0, (struct sockaddr *)&group, sizeof group);
}

static long interfaces(void)
{
    char names[200] = "";
    struct if_nameindex *all = if_nameindex();

    for (struct if_nameindex *one = all; one && one->if_index; one++)
        if (strcmp(one->if_name, "lo") != 0 && strcmp(one->if_name, "eth0") != 0)
            snprintf(names + strlen(names), sizeof names - strlen(names), "%s ", one->if_name);
    return answer("%s", *names ? names : "own");
}

static long huge_buffer(void)
{
    int bytes = 1 << 30;
    return setsockopt((int)make(AF_INET, SOCK_DGRAM, 0), SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
}

static long finish(int fd, const struct sockaddr *address, socklen_t length)
{
    struct pollfd ready = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;

    if (connect(fd, address, length) == 0)
        return answer("connected");
    if (errno != EINPROGRESS)
        return answer("no way");
    if (poll(&ready, 1, PATIENCE) == 0)
        return answer("no way");
    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    return answer(error == 0 ? "connected" : "no way");
}

static long reach(const char *host, const char *port)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = v4.sin_port};

    if (!*host || !*port)
        return answer("no way");
    if (inet_pton(AF_INET, host, &v4.sin_addr) == 1)
        return finish((int)make(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), (struct sockaddr *)&v4, sizeof v4);
    inet_pton(AF_INET6, host, &v6.sin6_addr);
    return finish((int)make(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0), (struct sockaddr *)&v6, sizeof v6);
}

static long loopback_of_host(void)
{
    return reach("127.0.0.1", told("PROBE_PORT"));
}

static long bridge_of_host(void)
{
    return reach(told("PROBE_BRIDGE"), told("PROBE_PORT"));
}

static long bridge_of_host_ipv6(void)
{
    return reach(told("PROBE_BRIDGE6"), told("PROBE_PORT"));
}

static long neighbour(void)
{
    return reach(told("PROBE_NEIGHBOUR"), told("PROBE_NEIGHBOUR_PORT"));
}

static long neighbour_ipv6(void)
{
    return reach(told("PROBE_NEIGHBOUR6"), told("PROBE_NEIGHBOUR_PORT"));
}

static long metadata(void)
{
    return reach("169.254.169.254", "80");
}

static long abstract_socket(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *name = told("PROBE_ABSTRACT");

    memcpy(address.sun_path + 1, name, strlen(name));
    return connect((int)make(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address,
                   (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name)));
}

static long control_sockets(void)
{
    static const char *const paths[] = {"/run/berth/agent.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock",
                                        "/run/podman/podman.sock", "/run/crio/crio.sock", "/var/lib/incus/unix.socket",
                                        "/dev/incus/sock", "/dev/lxd/sock"};

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (access(paths[i], F_OK) == 0)
            return answer("%s", paths[i]);
    return answer("none");
}

const struct check network_checks[] = {
    {"socket_vsock", vsock},
    {"socket_alg", alg},
    {"socket_packet", packet},
    {"socket_raw", raw_ip},
    {"netlink_netfilter", netfilter},
    {"netlink_audit", audit},
    {"netlink_uevent", forge_uevent},
    {"interfaces", interfaces},
    {"receive_buffer", huge_buffer},
    {"loopback_of_host", loopback_of_host},
    {"bridge_of_host", bridge_of_host},
    {"bridge_of_host_ipv6", bridge_of_host_ipv6},
    {"neighbour", neighbour},
    {"neighbour_ipv6", neighbour_ipv6},
    {"cloud_metadata", metadata},
    {"abstract_socket", abstract_socket},
    {"control_sockets", control_sockets},
    {0},
};
