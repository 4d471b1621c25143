"""What a request costs: the product beside a bare page and a bare vote, on the same server, in the same run."""
