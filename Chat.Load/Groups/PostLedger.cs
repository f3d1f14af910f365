namespace Chat.Load.Groups;

/// <summary>
/// What became of each post of one group: acknowledged, and reached so many of those who were to get it. Complete once
/// both are all.
/// </summary>
/// <remarks>
/// Thread-safe. Bounded by <see cref="PostsMax"/>; full, <see cref="TryOpen"/> refuses. Not promised: that no copy came
/// twice; each <see cref="Listener"/> tells its own copies apart.
/// </remarks>
internal sealed class PostLedger(int receivers, GroupRecorder recorder)
{
    public const int PostsMax = 1 << 20;

    private readonly Lock _gate = new();
    private readonly List<Post> _posts = [];
    private long _conflicts;
    private long _acked;
    private long _delivered;
    private long _duplicates;
    private int _open;

    /// <summary>Posts that are not complete.</summary>
    public int Open => Volatile.Read(ref _open);

    public PostTotals Totals()
    {
        lock (_gate)
            return new PostTotals(_posts.Count, _acked, _delivered, (long)_posts.Count * receivers, _duplicates,
                _conflicts);
    }

    /// <summary>The seq of each post; 0: unknown.</summary>
    public long[] Places()
    {
        lock (_gate) return [.. _posts.Select(post => post.Seq)];
    }

    /// <summary>A new post, whose latencies count from <paramref name="startedAt"/>.</summary>
    public bool TryOpen(long startedAt, out int post)
    {
        lock (_gate)
        {
            post = _posts.Count;
            if (post == PostsMax) return false;
            _posts.Add(new Post { StartedAt = startedAt, Missing = receivers });
            _open++;
            return true;
        }
    }

    /// <returns>True: it is complete by this.</returns>
    public bool Acked(int number, long seq)
    {
        lock (_gate)
        {
            var post = Find(number, seq);
            if (post is null) return false;
            if (post.IsAcked)
            {
                _duplicates++;
                return false;
            }

            post.IsAcked = true;
            _acked++;
            recorder.Acked(post.StartedAt);
            return Completes(post);
        }
    }

    /// <summary>A member got it, whom it had not reached.</summary>
    /// <returns>True: it is complete by this.</returns>
    public bool Delivered(int number, long seq)
    {
        lock (_gate)
        {
            var post = Find(number, seq);
            if (post is null) return false;
            post.Missing--;
            _delivered++;
            recorder.Delivered(post.StartedAt, post.Missing == 0);
            return Completes(post);
        }
    }

    /// <summary>A member got it once more.</summary>
    public void Repeated()
    {
        lock (_gate) _duplicates++;
    }

    private Post? Find(int number, long seq)
    {
        if (number >= _posts.Count || seq < 1)
        {
            _conflicts++;
            return null;
        }

        var post = _posts[number];
        if (post.Seq == 0) post.Seq = seq;
        else if (post.Seq != seq) _conflicts++;
        return post;
    }

    private bool Completes(Post post)
    {
        if (!post.IsAcked || post.Missing != 0) return false;
        _open--;
        recorder.Complete();
        return true;
    }

    private sealed class Post
    {
        public required long StartedAt { get; init; }

        public long Seq { get; set; }

        public int Missing { get; set; }

        public bool IsAcked { get; set; }
    }
}

/// <summary>The sums of a ledger.</summary>
/// <param name="Due">Deliveries that there should be.</param>
/// <param name="Duplicates">Acks and pushes that came twice.</param>
/// <param name="Conflicts">A post with two seqs, or one that nobody sent.</param>
internal readonly record struct PostTotals(
    long Sent, long Acked, long Delivered, long Due, long Duplicates, long Conflicts);
