# The node's button on the map stands here as a comment.
# switch off ${namespace}-node-1
kubectl get nodes
kubectl get pods -o wide
