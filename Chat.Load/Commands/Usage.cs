namespace Chat.Load.Commands;

/// <summary>What <c>--help</c> prints.</summary>
internal static class Usage
{
    public const string Text = """
        Chat.Load direct|group|idle|offline|presence|reconnect|storm [options]

        Loads a chat cluster on this machine, prints figures, and ends with 1 unless every message arrived once.

        direct    users in pairs: one sends, the other receives and marks as delivered
                    --users 1000  --text-bytes 100  --warmup 5  --duration 15  (seconds)
                    --window 1    texts of a pair that may lack their ack or receipt at once (closed loop)
                    --rate 500    or: texts/s over all pairs, evenly spaced; latencies count from when each was due
                    --find-max    or: closed loop at windows 1, 2, 4 … until the rate rises no more, then paced
                                  at half of the highest: "send -> delivered p99 at half of it"
        group     one group; each post is counted once at everybody online
                    --members 200  --online 200  (those with a device)  --senders 10  --text-bytes 100
                    --warmup 5  --duration 15  (seconds)
                    --rate 100    posts/s over all senders; else each posts again once its last reached everybody
                    --receipts    measures once more while everybody marks as read what he gets
                    --beside-direct 50  pairs that talk in a process of their own, 4 texts/s each: without the
                                  group, then beside it
                  Servers started for it take groups of that size and any rate of sends.
        idle      users who only stay connected
                    --connections 5000,10000  (steps)  --settle 5  --hold 30  (seconds)  --parallel 64  (at once)
        offline   everybody comes back at once to waiting messages
                    --receivers 500  --each 50  --senders 10  --parallel 100  (at once)  --text-bytes 100
        presence  users who come and go, first unseen, then watched; beside them a message a minute and user
                    --users 1000  --watchers 20  (of each)  --churn 0.05  (share who leave and return a minute)
                    --active 0.2  (share who touch their app all the time)  --parallel 64  (log-ins at once)
                    --rounds 2    of four phases, in turn
                    --warmup 40  --settle 15  --duration 40  (seconds; the latter two of each phase)
                  Presence costs what it adds to coming and going; a message what it adds to being idle.
        reconnect a gateway is killed, and all its users come back to the others (--gateways of 2 or more)
                    --connections 10000  at the first gateway, which is killed  --parallel 64  (log-ins at once)
                    --spread 30   seconds over which their first attempts fall; 0: as Chat.Client has it (0.5)
                    --each 1      messages left for each meanwhile  --leaving-rate 500  (of them a second)
                    --pairs 50  --rate 50  talk at the other gateways, texts/s over all pairs
                    --warmup 10  --duration 15  (seconds before and after)  --within 120  (for all to hold everything)
        storm     midnight on New Year's Eve: pairs at the sustainable rate, then at many times of it, then back
                    --users 400  --text-bytes 100  --watched 5  (users whom each user watches)
                    --rate 500    texts/s that are sustainable; else half of what a closed loop reaches
                    --times 10    the storm offers so many times that, whatever comes back
                    --outstanding 20  unanswered messages of a client; what comes on top is "not offered"
                    --calibrate 10  --before 10  --duration 60  --after 30  (seconds)
                  An ack that is not there after 2 s is a reason to send again, under the same id. With receipts, typing
                  and presence; the logs are read back; by the second: counts, refusals, RSS and load level.

        where     --standalone                      one process on SQLite, started for this (the default)
                  --silos 2 --gateways 2            a cluster on a temporary PostgreSQL, started for this
                  --gateways-at URL,URL [--pids N,N]  what runs already, loopback only; CPU and memory are those of the
                                                    processes named and their children
                  --programs DIR                    published Chat.Gateway and Chat.Silo; else the build output
                  --server-env NAME=VALUE,…         further settings of what is started
        output    --json                            one line of JSON on standard output instead of the table
                  --time-limit 900                  seconds for everything

        Exit code 0: all well. 1: something was lost, doubled or failed. 2: bad options. 130: interrupted.
        """;
}
